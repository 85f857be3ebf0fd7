"""VADER's half of `cargo xtask bench analysis`: FILE holds rows of kind and text."""
import resource
import sys
import time

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

texts = [line.rstrip("\n").split("\t", 1)[1] for line in open(sys.argv[1], encoding="utf-8")]
analyser = SentimentIntensityAnalyzer()
analyser.polarity_scores(texts[0])
begin = time.process_time()
for text in texts:
    analyser.polarity_scores(text)
cpu = time.process_time() - begin
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"texts={len(texts)} cpu={cpu:.3f} rss_kb={rss}")
