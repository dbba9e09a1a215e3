"""Fuzzing of the page reader: mutations of pages, read in the pool; not part of the tests.

Usage: pages_fuzz.py [--data DIR] [--seconds N] [--seed N] [--keep DIR]; DIR holds pages to begin with, compressed by
gzip or not, beside the small ones below. A page whose reading raises an error or ends its process is a failure: the
exit code is then 1. Such pages, and those that cost too much, are written to the folder of --keep.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from dateline_pages.reading.page import PageDocument
from dateline_pages.reading.pool import ReaderPool

from bench.pages_speed import pages_in

MAX_BYTES = 300_000
"""Mutations are cut to this size."""

SEEDS = [
    b"<html lang=en><head><title>A - B</title><meta charset=utf-8><script type=application/ld+json>"
    b'{"@type":"NewsArticle","headline":"A","author":[{"name":"X Y"}],"datePublished":"2024-01-02T03:04:05Z"}'
    b"</script></head><body><nav><a href=/>Home</a></nav><article><h1>A</h1><p class=byline>By X Y</p><time datetime="
    b"2024-01-02>2 Jan</time><p>One sentence of text, long enough to be a paragraph.</p><ul><li>a<li>b</ul><table><tr>"
    b"<td>1<td>2</table><blockquote>quoted text of some length</blockquote></article><footer>&copy; B</footer></body>",
    b'<div itemscope itemtype="https://schema.org/Article"><h1 itemprop=headline>T</h1><span itemprop=author>N</span>'
    b"<div itemprop=articleBody>" + b"Text with words and a full stop. " * 20 + b"</div></div>",
    b"<html><body><h1>404</h1><p>Page not found</p><form><input type=password></form>",
]
"""Small pages with what the reader looks for."""

WORDS = [
    *(
        b"<",
        b">",
        b'"',
        b"'",
        b"&",
        b"&#x0;",
        b"&#55296;",
        b"\0",
        b"\xff",
        b"\xed\xa0\x80",
        b"<!--",
        b"-->",
        b"<![CDATA[",
    ),
    *(b"<script>", b"</script>", b"<style>", b"<svg>", b"<math>", b"<template>", b"<select>", b"<table>", b"</p>"),
    b"<base href='//[x'>",
    b"<meta charset=utf-16>",
    b"<meta charset=iso-2022-jp>",
    b"<link rel=canonical href='http://[::'>",
    b"<meta property=og:url content='//x:99999/'>",
    b'<time datetime="0000-00-00">',
    b'<time datetime="99999-12-31T25:61">',
    b"<meta property=article:published_time content='9999-12-31T23:59:59-14:00'>",
    *(b'{"@graph":[', b"[[[[", b'"@type":', b'"datePublished":1e999,', b'"author":null,', b"NaN", b"\\ud800"),
    *(b"2024-02-30", "\u0130\u1e9e\u202e".encode(), b"\x1b$B"),
]
"""Pieces that parsers stumble over."""

Mutation = Callable[[bytearray, random.Random], None]
"""Changes a page in place."""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    arguments.add_argument("--seconds", type=int, default=600)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments.add_argument("--keep", type=Path, default=Path("fuzz"))
    options = arguments.parse_args()
    seeds = [*SEEDS, *(pages_in(options.data) if options.data else [])]
    return asyncio.run(fuzz(seeds, options.seconds, options.seed, options.processes, options.keep))


async def fuzz(seeds: list[bytes], seconds: int, seed: int, processes: int, keep: Path) -> int:
    chance = random.Random(seed)
    end = time.monotonic() + seconds
    kinds: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    async with ReaderPool.open(processes=processes) as pool:

        async def one() -> None:
            while time.monotonic() < end:
                page = mutated(seeds, chance)
                reading = await pool.read(PageDocument(body=page, url="https://news.example/a"))
                problem = reading.problem
                kinds[problem.kind if problem else "article"] += 1
                if problem and ("failed:" in problem.reason or problem.kind == "too costly"):
                    findings[problem.reason] += 1
                    name = hashlib.sha256(page).hexdigest()[:16]
                    keep.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - rare
                    (keep / f"{name}.html").write_bytes(page)
                    print(json.dumps({"page": name, "reason": problem.reason}), file=sys.stderr, flush=True)

        await asyncio.gather(*(one() for _ in range(processes)))
    figure = {"figure": "pages.fuzz", "seconds": seconds, "seed": seed, "pages": kinds.total(), "kinds": dict(kinds)}
    print(json.dumps({**figure, "findings": dict(findings)}))
    return 1 if pool.figures.failed or any(reason.startswith("the process") for reason in findings) else 0


def mutated(seeds: list[bytes], chance: random.Random) -> bytes:
    page = bytearray(chance.choice(seeds)[:MAX_BYTES])
    for _ in range(chance.choice((1, 2, 4, 8, 16))):
        mutation = chance.choice(MUTATIONS)
        mutation(page, chance)
        if chance.random() < 0.1:
            other = chance.choice(seeds)
            start = chance.randrange(len(other))
            at = chance.randrange(len(page) + 1)
            page[at:at] = other[start : start + chance.randrange(5000)]
    return bytes(page[:MAX_BYTES])


def flip(page: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 20)):
        if page:
            page[chance.randrange(len(page))] = chance.randrange(256)


def insert(page: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(page) + 1)
    page[at:at] = chance.choice(WORDS) * chance.choice((1, 1, 1, 2, 50, 2000))


def insert_at_tag(page: bytearray, chance: random.Random) -> None:
    at = page.find(b"<", chance.randrange(len(page) + 1))
    page[max(at, 0) : max(at, 0)] = chance.choice(WORDS)


def remove(page: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(page) + 1)
    del page[at : at + chance.choice((1, 10, 1000, 20_000))]


def repeat(page: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(page) + 1)
    page[at:at] = page[at : at + chance.choice((5, 50, 500))] * chance.choice((2, 20, 500))


def swap(page: bytearray, chance: random.Random) -> None:
    at, size = chance.randrange(len(page) + 1), chance.choice((10, 200, 5000))
    piece = page[at : at + size]
    del page[at : at + size]
    to = chance.randrange(len(page) + 1)
    page[to:to] = piece


MUTATIONS: tuple[Mutation, ...] = (flip, insert, insert_at_tag, remove, repeat, swap)


if __name__ == "__main__":
    sys.exit(main())
