"""Coverage-guided fuzzing of the feed reader with atheris; not part of the tests.

Usage: feeds_fuzz.py [--seconds N] [--corpus DIR]. Atheris is installed in an environment made for the run. An
exception other than FeedError, a document that takes longer than ten seconds, or more than 2 GB of memory ends the run
with exit code 1 and a file with the document. DIR, if given, holds the initial documents and receives the new ones.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "services" / "ingest" / "src"

SEEDS = [
    b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    b"<title>T</title><link>https://e.example</link><item><title>One &amp; all</title><guid>1</guid><author>a@b.org"
    b" (A)</author><description><![CDATA[<p>x</p>]]></description><pubDate>Mon, 01 Jan 2024 12:00:00 GMT</pubDate>"
    b'<enclosure url="/a" length="1" type="a/b"/><dc:date>2024-01-01</dc:date></item></channel></rss>',
    b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.example/" xml:lang="en"><title type="xhtml"><div>T'
    b'</div></title><entry><id>1</id><link rel="alternate" href="x"/><author><name>A</name></author><content '
    b'type="html">&lt;a href="y"&gt;x&lt;/a&gt;</content><updated>2024-01-01T00:00:00Z</updated></entry></feed>',
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel>'
    b'<title>T</title></channel><item rdf:about="https://e.example/1"><title>x &nbsp; &bogus;</item></rdf:RDF>',
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "content_html": "<p>x</p>", '
    b'"date_published": "2024-01-01T00:00:00Z", "authors": [{"name": "A"}], "attachments": [{"url": "/a"}]}]}',
    b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><item><title>&a;</item><item><link href=x></channel>',
]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=600)
    arguments.add_argument("--corpus", type=Path)
    arguments.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.worker:
        fuzz(options.corpus, options.seconds)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        corpus = options.corpus or Path(folder) / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(SEEDS):
            (corpus / f"seed-{number}").write_bytes(seed)
        environment = Path(folder) / "environment"
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        python = environment / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "atheris"], check=True)
        worker = [python, __file__, "--worker", "--corpus", corpus, "--seconds", str(options.seconds)]
        start = time.monotonic()
        failed = subprocess.run(worker, check=False).returncode
        figure = {"figure": "feeds.fuzz", "seconds": round(time.monotonic() - start), "found": bool(failed)}
        print(json.dumps({**figure, "documents": len(list(corpus.iterdir()))}))
        return 1 if failed else 0


def fuzz(corpus: Path, seconds: int) -> None:
    sys.path.insert(0, str(SOURCE))
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["dateline_ingest"]):
        feeds = importlib.import_module("dateline_ingest.feeds")

    def one(document: bytes) -> None:
        feeds.looks_like_feed(document)
        try:
            feed = feeds.parse_feed(document, url="https://e.example/feed")
        except feeds.FeedError:
            return
        json.dumps(feed.to_json()).encode()
        for entry in feed.entries:
            str(entry.body_text + entry.title_text).encode()

    options = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=4096", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
