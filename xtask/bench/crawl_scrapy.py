"""Crawls the generated pages with Scrapy and parsel: crawl_scrapy.py ADDRESS KIND PAGES CONCURRENCY.

Reads the same fields as Goodword does, by the selectors that Scrapy's own documents would have one write, and prints what it took
between the first request and the last item: without imports and start-up.
"""

import json
import resource
import sys
import time

import scrapy
from scrapy.crawler import CrawlerProcess

address, kind, pages, concurrency = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
taken = {"reviews": 0, "pages": 0, "begin": 0.0, "end": 0.0}


def json_ld(response):
    for script in response.css('script[type="application/ld+json"]::text').getall():
        for review in json.loads(script).get("review", []):
            yield {
                "author": review["author"]["name"],
                "date": review["datePublished"],
                "rating": float(review["reviewRating"]["ratingValue"]),
                "text": review["reviewBody"],
            }


def microdata(response):
    for review in response.css('[itemprop="review"]'):
        yield {
            "author": review.css('[itemprop="author"]::text').get(),
            "date": review.css('[itemprop="datePublished"]::attr(content)').get(),
            "rating": float(review.css('[itemprop="ratingValue"]::text').get()),
            "text": review.css('[itemprop="reviewBody"]::text').get().strip(),
        }


def hreview(response):
    for review in response.css(".hreview"):
        yield {
            "item": review.css(".item .fn::text").get(),
            "author": review.css(".reviewer .fn::text").get(),
            "date": review.css(".dtreviewed::attr(title)").get(),
            "rating": float(review.css(".rating::text").get()),
            "text": review.css(".description::text").get().strip(),
        }


READERS = {"json-ld": json_ld, "microdata": microdata, "hreview": hreview}


class Pages(scrapy.Spider):
    name = "pages"

    async def start(self):
        taken["begin"] = time.process_time()
        for n in range(pages):
            yield scrapy.Request(f"http://{address}/{kind}/{n}")

    def parse(self, response):
        for _ in READERS[kind](response):
            taken["reviews"] += 1
        taken["pages"] += 1
        taken["end"] = time.process_time()


process = CrawlerProcess(
    {
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "RETRY_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        "DNSCACHE_ENABLED": True,
        "MEMUSAGE_ENABLED": False,
    }
)
process.crawl(Pages)
process.start()
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"pages={taken['pages']} reviews={taken['reviews']} cpu={taken['end'] - taken['begin']:.3f} rss_kb={rss}")
