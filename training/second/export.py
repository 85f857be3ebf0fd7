"""Writes what second.py learned as the file that is compiled in: vectors of pieces in four bits a number, the layers' weights in whole
numbers of a byte with a scale for each output, or in four bits as well.
usage: export.py MODEL.pt FILE"""
import struct
import sys

import numpy as np
import torch

QUESTIONS = ["post", "review", "term", "complaint", "themes", "intents"]


def whole(weights):
    """Rows as whole numbers and their scales."""
    scales = np.maximum(np.abs(weights).max(1), 1e-9) / 127
    return np.clip(np.round(weights / scales[:, None]), -127, 127).astype(np.int8), scales.astype(np.float32)


def packed(blocks, scales):
    """Blocks of 32 numbers as a scale of two bytes and sixteen bytes of two numbers each."""
    scales = np.where(scales == 0, np.float16(2.0 ** -24), scales.astype(np.float16))
    numbers = np.clip(np.round(blocks / scales.astype(np.float32)[:, None]), -8, 7)
    halves = (numbers + 8).astype(np.uint8)
    return np.concatenate([scales[:, None].view(np.uint8), halves[:, :16] | halves[:, 16:] << 4], 1), numbers


def top(blocks):
    return np.take_along_axis(blocks, np.abs(blocks).argmax(1)[:, None], 1)[:, 0]


def table(weights):
    """Rows in blocks, each with the scale that loses least."""
    blocks = weights.reshape(-1, 32)
    best, least = None, None
    for part in (-8, 8, -7.5, 7.5, -7, 7, -8.5, 8.5):
        bytes_, numbers = packed(blocks, top(blocks) / part)
        scales = np.ascontiguousarray(bytes_[:, :2]).view(np.float16).astype(np.float32)
        lost = ((numbers * scales - blocks) ** 2).sum(1)
        if best is None:
            best, least = bytes_.copy(), lost.copy()
        better = lost < least
        best[better], least[better] = bytes_[better], lost[better]
    print("of the vectors of pieces", float(least.sum() / (blocks ** 2).sum()), "is lost")
    return best.tobytes()


def product(out, weight, bias, bits):
    outputs, inputs = weight.shape
    if bits == 4:
        blocks = weight.reshape(-1, 32)
        out.write(bias.astype(np.float32).tobytes() + packed(blocks, top(blocks) / -8)[0].tobytes())
        return
    numbers, scales = whole(weight)
    out.write(scales.tobytes() + bias.astype(np.float32).tobytes())
    # Panels of 64 outputs; in each, for every four inputs, the four weights of each output.
    out.write(np.ascontiguousarray(numbers.reshape(outputs // 64, 64, inputs // 4, 4).transpose(0, 2, 1, 3)).tobytes())


def main():
    saved = torch.load(sys.argv[1], weights_only=False)
    net = {k: v.float().numpy() for k, v in saved["net"].items()}
    abroad = bool(saved.get("abroad"))
    bits = saved["bits"]
    lines = saved["vocabulary"]
    if abroad:
        lines = [p if s is None else f"{p}\t{s}" for p, s in lines]
    with open(sys.argv[2], "wb") as out:
        text = "\n".join(lines).encode()
        out.write(b"GWE2" + struct.pack("<IIIII", saved["layers"], 32, len(lines), int(abroad), bits))
        out.write(struct.pack("<I", len(text)) + text)
        out.write(table(net["embed.weight"]) + net["embed_place.weight"].tobytes())
        out.write(net["embed_norm.weight"].tobytes() + net["embed_norm.bias"].tobytes())
        for i in range(saved["layers"]):
            at = f"layers.{i}."
            for part, norm in (("qkv", None), ("out", "norm1"), ("up", None), ("down", "norm2")):
                product(out, net[f"{at}{part}.weight"], net[f"{at}{part}.bias"], bits)
                if norm:
                    out.write(net[f"{at}{norm}.weight"].tobytes() + net[f"{at}{norm}.bias"].tobytes())
        out.write(struct.pack("<I", len(QUESTIONS)))
        for name in QUESTIONS:
            weight, bias = net[f"heads.{name}.weight"], net[f"heads.{name}.bias"]
            out.write(struct.pack("<I", len(name)) + name.encode() + struct.pack("<I", len(bias)))
            out.write(weight.astype(np.float32).tobytes() + bias.astype(np.float32).tobytes())
    print(sys.argv[2], sum(v.size for v in net.values()), "numbers")


if __name__ == "__main__":
    main()
