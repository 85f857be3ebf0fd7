"""Teaches a net that second.py made one more question: which intents a text has.
usage: intents.py TEXTS MODEL.pt OUT.pt SETS [--rounds 0] [--part 0.3]

With `--rounds N` its upper layers first learn on: half of each step on the sentences of intents, N times each, half on what was learned
before. Of what that changes only a part is kept, so that little is forgotten. Then the question alone is learned, the rest as it is: on the
sentences, and on texts labelled for something else, few of which want anything."""
import argparse
import copy
import random

import torch
from torch import nn
from torch.nn import functional as F

from net import Net, Product
from pieces import Pieces
from second import ABROAD, ENGLISH, INTENTS, batches, forward, losses, read_rows
from unigram import Unigram

HEAD = "heads.intents"
PLAIN = 3000
# How much an intent that nobody looked for counts against a text: less where many reviews have it.
UNLOOKED = [0.1 if name in ("question", "suggestion", "recommendation") else 0.3 for name in INTENTS]


def learn_on(net, rows, pieces, sets, taught, a):
    """The net after its upper layers have learned on the sentences, and as much on what they knew."""
    net = copy.deepcopy(net)
    learned = [r for r in rows if not r.kept]
    count = sum(r.set in taught for r in learned)
    share = a.rounds * count / sum(sets[r.set][0] for r in learned if r.set not in taught)
    dice = random.Random(a.seed)
    # One text in five of what was learned before is enough to draw from.
    learned = [r for r in learned if r.set in taught or dice.random() < 0.2]
    for row in learned:
        row.ids = pieces.read(row.text)
    order = batches(learned, {k: (a.rounds if k in taught else 5 * share * v[0], v[1]) for k, v in sets.items()}, a.seed, 2048)
    groups = []
    for name, parameter in net.named_parameters():
        part, _, rest = name.partition(".")
        parameter.requires_grad = part == "heads" or (part == "layers" and int(rest.split(".")[0]) >= a.above)
        if parameter.requires_grad:
            rate = a.rate * (8 if part == "heads" else 1)
            groups.append({"params": [parameter], "lr": rate, "base": rate, "weight_decay": 0.01 if parameter.dim() > 1 else 0})
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    for step, chosen in enumerate(order):
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1, (step + 1) / 30) * (1 - step / len(order))
        batch = [learned[n] for n in chosen]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden, mask, marks = forward(net, batch, pieces.ids, random.Random(a.seed * 1_000_003 + step))
            loss = losses(net, hidden, mask, batch, marks)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        if step % 50 == 49:
            print(step + 1, "of", len(order), "steps", f"loss {float(loss.detach()):.4f}", flush=True)
    return net


def ask(net, rows, pieces, a):
    """Learns the question alone, by logistic regression on what the net makes of the texts."""
    net.eval()
    rows = sorted(rows, key=lambda row: len(row.ids[0]))
    vectors = []
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(rows), 48):
            hidden, mask, _ = forward(net, rows[start:start + 48], pieces.ids, random.Random(1))
            vectors.append(net.pool(hidden, mask).float())
    x, y, weight = torch.cat(vectors), torch.zeros(len(rows), len(INTENTS)), torch.ones(len(rows), len(INTENTS))
    for i, row in enumerate(rows):
        if row.task == "intents":
            y[i, list(row.label)] = 1
        else:
            weight[i] = torch.tensor(UNLOOKED)
    kept = torch.tensor([row.kept for row in rows])
    mean, spread = x[~kept].mean(0), x[~kept].std(0) + 1e-6
    x = (x - mean) / spread
    w, b = torch.zeros(len(INTENTS), x.shape[1], requires_grad=True), torch.zeros(len(INTENTS), requires_grad=True)
    optimiser = torch.optim.LBFGS([w, b], max_iter=200, line_search_fn="strong_wolfe")

    def miss():
        optimiser.zero_grad()
        each = F.binary_cross_entropy_with_logits(x[~kept] @ w.T + b, y[~kept], reduction="none") * weight[~kept]
        loss = len(INTENTS) * each.sum() / weight[~kept].sum() + a.decay * (w ** 2).sum()
        loss.backward()
        return loss

    optimiser.step(miss)
    with torch.no_grad():
        told, there = x[kept] @ w.T + b > 0, y[kept] > 0
        hit = (told & there).sum().item()
        print(f"kept back: precision {hit / max(1, told.sum().item()):.3f} recall {hit / there.sum().item():.3f} of {there.sum().item()}")
        net.heads["intents"].weight.copy_(w / spread)
        net.heads["intents"].bias.copy_(b - (w / spread) @ mean)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("texts"), a.add_argument("model"), a.add_argument("out"), a.add_argument("sets")
    a.add_argument("--rounds", type=int, default=0), a.add_argument("--above", type=int, default=2)
    a.add_argument("--part", type=float, default=0.3), a.add_argument("--decay", type=float, default=0.01)
    a.add_argument("--rate", type=float, default=2e-4), a.add_argument("--seed", type=int, default=1)
    a = a.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    saved = torch.load(a.model, weights_only=False)
    abroad, taught = saved["abroad"], a.sets.split(",")
    sets = ABROAD if abroad else ENGLISH
    vocabulary = saved["vocabulary"]
    pieces = Unigram([tuple(piece) for piece in vocabulary]) if abroad else Pieces(vocabulary)
    net = Net(len(vocabulary), saved["layers"])
    nn.init.zeros_(net.heads["intents"].weight), nn.init.zeros_(net.heads["intents"].bias)
    net.load_state_dict({k: v for k, v in saved["net"].items() if not k.startswith(HEAD)}, strict=False)
    Product.rough = saved["bits"] == 4
    rows = read_rows(a.texts, sets)
    if a.rounds:
        before, after = net.state_dict(), learn_on(net, rows, pieces, sets, taught, a).state_dict()
        net.load_state_dict({k: v * (1 - a.part) + after[k] * a.part for k, v in before.items()})
    opinions = ("post", "post2", "review", "review2")
    plain = [r for r in rows if r.task in opinions and not r.kept and r.set != "goemotions" and len(r.text) < 500]
    rows = [r for r in rows if r.set in taught] + random.Random(4).sample(plain, PLAIN)
    for row in rows:
        row.ids = pieces.read(row.text)
    ask(net, rows, pieces, a)
    torch.save({**saved, "net": net.state_dict()}, a.out)


if __name__ == "__main__":
    main()
