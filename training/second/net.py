"""The net of the second tier: a few layers of BERT, 384 wide, with a head for each question."""
import os
import unicodedata

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

WIDE, HEADS, INNER = 384, 12, 1536
OUTPUTS = {"post": 3, "review": 3, "term": 3, "complaint": 1, "themes": 32, "emotion": 28, "te_emotion": 4, "te_irony": 2,
           "te_offensive": 2}


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDE, 3 * WIDE)
        self.out = nn.Linear(WIDE, WIDE)
        self.norm1 = nn.LayerNorm(WIDE, eps=1e-12)
        self.up = nn.Linear(WIDE, INNER)
        self.down = nn.Linear(INNER, WIDE)
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
