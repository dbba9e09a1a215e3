"""Speed of reading pages compared with bare trafilatura, one JSON line per reader.

Usage: pages_speed.py --data DIR [--rounds N] [--processes N]; DIR holds pages, compressed by gzip or not
(sub-directories are searched). In one process, each page is read by both readers in turn, so that load on the machine
affects both alike, by CPU time. Then the pool reads all pages, and trafilatura reads them again in as many processes.
Last, a web archive with all pages, and with the requests beside them, is read; its rate is by CPU time as well.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import trafilatura
from dateline_pages.reading.page import PageDocument
from dateline_pages.reading.pool import ReaderPool
from dateline_pages.reading.reader import read_page

WARM_UP_PAGES = 5
"""Pages that each process reads before time is taken."""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments.add_argument("--profile", action="store_true", help="print where the time goes instead")
    options = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    documents = pages_in(options.data)
    if options.profile:
        return profile(documents)
    one_process(documents, options.rounds)
    asyncio.run(many_processes(documents, options.rounds, options.processes))
    web_archive(documents * options.rounds, options.processes)
    return 0


def pages_in(folder: Path) -> list[bytes]:
    contents = (path.read_bytes() for path in sorted(folder.rglob("*.htm*")) if path.is_file())
    return [gzip.decompress(each) if each.startswith(b"\x1f\x8b") else each for each in contents]


def with_trafilatura(document: bytes) -> Any:
    return trafilatura.extract(document, output_format="json", with_metadata=True)


def with_dateline(document: bytes) -> Any:
    return read_page(PageDocument(body=document))


def one_process(documents: list[bytes], rounds: int) -> None:
    readers: dict[str, Callable[[bytes], Any]] = {
        "trafilatura": with_trafilatura,
        "trafilatura, text": trafilatura.extract,
        "dateline": with_dateline,
    }
    for document in documents[:WARM_UP_PAGES]:
        for read in readers.values():
            read(document)
    seconds = dict.fromkeys(readers, 0.0)
    for _ in range(rounds):
        for document in documents:
            for name, read in readers.items():
                start = time.process_time()
                read(document)
                seconds[name] += time.process_time() - start
    for name, took in seconds.items():
        figure = {"figure": "pages.speed", "reader": name, "pages": len(documents) * rounds}
        rate = round(len(documents) * rounds / took, 1)
        ratios = {
            "times_trafilatura": round(seconds["trafilatura"] / took, 2),
            "times_trafilatura_text": round(seconds["trafilatura, text"] / took, 2),
        }
        print(json.dumps({**figure, "pages_per_second_and_core": rate, **ratios}))


async def many_processes(documents: list[bytes], rounds: int, processes: int) -> None:
    async with ReaderPool.open(processes=processes) as pool:

        async def read(number: int) -> None:
            await pool.read(PageDocument(body=documents[number % len(documents)]))

        await asyncio.gather(*map(read, range(processes * WARM_UP_PAGES)))
        start = time.perf_counter()
        await asyncio.gather(*map(read, range(len(documents) * rounds)))
        ours = time.perf_counter() - start
    with ProcessPoolExecutor(processes, get_context("spawn")) as executor:
        list(executor.map(with_trafilatura, documents[: processes * WARM_UP_PAGES]))
        start = time.perf_counter()
        list(executor.map(with_trafilatura, documents * rounds))
        theirs = time.perf_counter() - start
    figure = {"figure": "pages.pool", "processes": processes, "pages": len(documents) * rounds}
    rate = round(len(documents) * rounds / ours, 1)
    print(json.dumps({**figure, "pages_per_second": rate, "times_trafilatura": round(theirs / ours, 2)}))
    print(json.dumps({"figure": "pages.process", "megabytes": round(pool.figures.most_bytes / 1e6)}))


def web_archive(documents: list[bytes], processes: int) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.warc.gz"
        with path.open("wb") as file:
            for number, document in enumerate(documents):
                for kind, content in (("request", b""), ("response", document), ("metadata", b"")):
                    file.write(gzip.compress(record(f"https://site{number}.example/", kind, content)))
        command = [
            sys.executable,
            "-m",
            "dateline",
            "backfill",
            "warc",
            str(path),
            "--dry-run",
            "--jobs",
            str(processes),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figure = {"figure": "pages.warc", "pages": len(documents), "records": 3 * len(documents)}
    rates = {
        "records_per_second_and_core": round(3 * len(documents) / seconds, 1),
        "pages_per_second_and_core": round(len(documents) / seconds, 1),
    }
    print(json.dumps({**figure, **rates}))


def record(url: str, kind: str, content: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + content
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
        f"WARC-Date: {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return header.encode() + block + b"\r\n\r\n"


def profile(documents: list[bytes]) -> int:
    import cProfile
    import pstats

    with_dateline(documents[0])
    profiler = cProfile.Profile()
    for document in documents:
        profiler.runcall(with_dateline, document)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)
    return 0


if __name__ == "__main__":
    sys.exit(main())
