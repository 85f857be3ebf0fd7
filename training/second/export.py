"""Writes what second.py learned as the file that is compiled in: whole numbers of a byte with a scale for each output.
usage: export.py MODEL.pt FILE"""
import struct
import sys

import numpy as np
import torch

QUESTIONS = ["post", "review", "term", "complaint", "themes"]


def whole(weights):
    """Rows as whole numbers and their scales."""
    scales = np.maximum(np.abs(weights).max(1), 1e-9) / 127
    return np.clip(np.round(weights / scales[:, None]), -127, 127).astype(np.int8), scales.astype(np.float32)


def product(out, weight, bias):
    numbers, scales = whole(weight)
    outputs, inputs = numbers.shape
    out.write(scales.tobytes() + bias.astype(np.float32).tobytes())
    # Panels of 64 outputs; in each, for every four inputs, the four weights of each output.
    out.write(np.ascontiguousarray(numbers.reshape(outputs // 64, 64, inputs // 4, 4).transpose(0, 2, 1, 3)).tobytes())


def main():
    saved = torch.load(sys.argv[1], weights_only=False)
    net = {k: v.float().numpy() for k, v in saved["net"].items()}
    with open(sys.argv[2], "wb") as out:
        text = "\n".join(saved["vocabulary"]).encode()
        out.write(b"GWE1" + struct.pack("<III", saved["layers"], 32, len(saved["vocabulary"])))
        out.write(struct.pack("<I", len(text)) + text)
        numbers, scales = whole(net["embed.weight"])
        out.write(scales.tobytes() + numbers.tobytes() + net["embed_place.weight"].tobytes())
        out.write(net["embed_norm.weight"].tobytes() + net["embed_norm.bias"].tobytes())
        for i in range(saved["layers"]):
            at = f"layers.{i}."
            for part, norm in (("qkv", None), ("out", "norm1"), ("up", None), ("down", "norm2")):
                product(out, net[f"{at}{part}.weight"], net[f"{at}{part}.bias"])
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
