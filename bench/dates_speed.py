"""Measures the date tagger's speed, alone and compared with its peers: `python -m bench.dates_speed --data DIR`.

DIR contains `load/articles.jsonl` (`body`) and, for the peers, `timex/*.jsonl` as `dates_score.py` reads them. The
peers run in a temporary environment. Because they are slow, the comparison uses only some documents. Time is processor
time, so that other load on the machine has little effect. Prints one JSON line per figure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateline_enrich.dates import DateTagger

from bench import dates_peers, dates_score

LENGTH = 2000
"""Maximum characters of a document."""

PUBLISHED = datetime(2024, 6, 27, tzinfo=UTC)

START = (
    "import time; s = time.process_time(); from dateline_enrich.dates import DateTagger; DateTagger(); "
    "print(time.process_time() - s)"
)

HOSTILE = {
    "digits only": "7" * 5_000_000,
    "one letter": "x" * 5_000_000,
    "full stops": "." * 1_000_000,
    "one word": "word " * 100_000,
    "the article": "the " * 100_000,
    "a modal verb": "may " * 100_000,
    "a number word": "twenty " * 100_000,
    "a weekday": "Monday " * 100_000,
    "a full date": "June 11, 2012 " * 50_000,
    "numbers": "12 " * 100_000,
}
"""Texts that take quadratic time with a careless pattern."""


def start_up() -> float:
    """Return the milliseconds of processor time from import to a ready tagger in a new process, best of five."""
    runs = [subprocess.run([sys.executable, "-c", START], capture_output=True, check=True, text=True) for _ in range(5)]
    return 1000 * min(float(run.stdout) for run in runs)


def throughput(tagger: DateTagger, texts: list[str]) -> float:
    """Return the documents per second of processor time, best of six passes in this process."""
    best = float("inf")
    for _ in range(6):
        started = time.process_time()
        for text in texts:
            tagger.tag(text, published=PUBLISHED)
        best = min(best, time.process_time() - started)
    return len(texts) / best


def hostile(tagger: DateTagger) -> Iterator[dict[str, Any]]:
    """Yield the seconds for each hostile text, and their ratio to the seconds for its half: 2 is linear."""
    for name, text in HOSTILE.items():
        seconds = []
        for size in (len(text) // 2, len(text)):
            started = time.process_time()
            tagger.tag(text[:size], published=PUBLISHED)
            seconds.append(time.process_time() - started)
        yield {
            "text": name,
            "characters": len(text),
            "seconds": seconds[1],
            "of_half": seconds[1] / max(seconds[0], 1e-6),
        }


def peer(name: str, python: Path, documents: list[dict[str, Any]]) -> tuple[list[list[dates_score.DateMention]], float]:
    """Return what a peer finds in some documents, and its seconds."""
    lines = "".join(json.dumps({"text": each["text"], "published": each["dct"]}) + "\n" for each in documents)
    run = subprocess.run([python, dates_peers.__file__, name], input=lines, capture_output=True, check=True, text=True)
    *found, last = [json.loads(line) for line in run.stdout.splitlines()]
    return [[dates_score.DateMention(*each) for each in mentions] for mentions in found], last["seconds"]


def comparison(tagger: DateTagger, data: Path, count: int) -> Iterator[dict[str, Any]]:
    """Yield the quality and speed of the tagger and its peers on the same documents of each set."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        venv.create(folder, with_pip=True)
        wanted = [each for requirements in dates_peers.REQUIREMENTS.values() for each in requirements]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
        for name in dates_score.SETS:
            documents = dates_score.load(data / "timex" / f"{name}.jsonl", "all")
            step = max(len(documents) // count, 1)
            documents = [{**each, "text": each["text"][:4000]} for each in documents[::step][:count]]
            for each in documents:
                each["timex"] = [timex for timex in each["timex"] if timex["e"] <= len(each["text"])]
            started = time.process_time()
            ours = [dates_score.tagged(tagger, each) for each in documents]
            results = {"dateline": (ours, time.process_time() - started)}
            for rival in dates_peers.REQUIREMENTS:
                results[rival] = peer(rival, python, documents)
            for rival, (found, seconds) in results.items():
                score = dates_score.score(zip(map(dates_score.gold, documents), found, strict=True))
                yield {
                    "tagger": rival,
                    "set": name,
                    "documents": len(documents),
                    "strict": score.strict,
                    "relaxed": score.relaxed,
                    "value": score.value,
                    "documents_per_second": len(documents) / seconds,
                }


def show(bench: str, figures: dict[str, Any]) -> None:
    rounded = {name: round(value, 2) if isinstance(value, float) else value for name, value in figures.items()}
    print(json.dumps({"bench": bench, **rounded}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with the corpora")
    parser.add_argument("--peers", type=int, default=0, metavar="N", help="compare with the peers on N documents a set")
    arguments = parser.parse_args()
    tagger = DateTagger()
    show("dates-start", {"milliseconds": start_up()})
    lines = (arguments.data / "load" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [body[:LENGTH] for line in lines if len(body := json.loads(line)["body"]) >= LENGTH]
    rate = throughput(tagger, texts)
    show("dates-speed", {"documents": len(texts), "characters": LENGTH, "documents_per_second": rate})
    for figures in hostile(tagger):
        show("dates-hostile", figures)
    if arguments.peers:
        for figures in comparison(tagger, arguments.data, arguments.peers):
            show("dates-peers", figures)


if __name__ == "__main__":
    main()
