"""Writes how the texts of a file are read into pieces, for the test that compares it with encoder/src/unigram.rs.
usage: agree.py MODEL.pt FILE; of each row of FILE the first column is a text; the others are written anew: number:place."""
import sys

import torch

from unigram import Unigram


def main():
    pieces = Unigram(torch.load(sys.argv[1], weights_only=False)["vocabulary"])
    texts = [line.rstrip("\n").split("\t")[0] for line in open(sys.argv[2], encoding="utf-8")]
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        for text in texts:
            rows = " ".join(f"{number}:{place}" for number, place in zip(*pieces.read(text)))
            out.write(f"{text}\t{rows}\n")


if __name__ == "__main__":
    main()
