"""Crawls the generated pages with aiohttp and selectolax: crawl_selectolax.py ADDRESS KIND PAGES CONCURRENCY.

Reads the same fields as Goodword does and prints what it took, without imports and start-up.
"""

import asyncio
import json
import resource
import sys
import time

import aiohttp
from selectolax.lexbor import LexborHTMLParser

address, kind, pages, concurrency = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def json_ld(tree):
    for script in tree.css('script[type="application/ld+json"]'):
        for review in json.loads(script.text()).get("review", []):
            yield {
                "author": review["author"]["name"],
                "date": review["datePublished"],
                "rating": float(review["reviewRating"]["ratingValue"]),
                "text": review["reviewBody"],
            }


def microdata(tree):
    for review in tree.css('[itemprop="review"]'):
        yield {
            "author": review.css_first('[itemprop="author"]').text(),
            "date": review.css_first('[itemprop="datePublished"]').attributes["content"],
            "rating": float(review.css_first('[itemprop="ratingValue"]').text()),
            "text": review.css_first('[itemprop="reviewBody"]').text().strip(),
        }


def hreview(tree):
    for review in tree.css(".hreview"):
        yield {
            "item": review.css_first(".item .fn").text(),
            "author": review.css_first(".reviewer .fn").text(),
            "date": review.css_first(".dtreviewed").attributes["title"],
            "rating": float(review.css_first(".rating").text()),
            "text": review.css_first(".description").text().strip(),
        }


READERS = {"json-ld": json_ld, "microdata": microdata, "hreview": hreview}


async def crawl():
    done = {"pages": 0, "reviews": 0}
    numbers = iter(range(pages))
    reader = READERS[kind]

    async def worker(session):
        for n in numbers:
            async with session.get(f"http://{address}/{kind}/{n}") as answer:
                body = await answer.read()
            done["reviews"] += sum(1 for _ in reader(LexborHTMLParser(body)))
            done["pages"] += 1

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(worker(session) for _ in range(concurrency)))
    return done


begin = time.process_time()
done = asyncio.run(crawl())
cpu = time.process_time() - begin
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"pages={done['pages']} reviews={done['reviews']} cpu={cpu:.3f} rss_kb={rss}")
