"""The command line of the fault campaign: `python -m chaos`, with `tests` on the Python path."""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from chaos.campaign import Campaign, pieces_of, plans_for
from chaos.piece import PAUSE_SECONDS, PiecePlan
from chaos.replicas.control import Point
from chaos.replicas.mutants import MUTANT_NAMES
from chaos.replicas.page_mutants import PAGE_MUTANTS
from chaos.sinks.lanes import SINK_MUTANT_NAMES
from chaos.summary import summary_text

DESCRIPTION = "Inject faults into the pipeline and account for every article."

SELFTEST_FAULTS = 200
"""Each deliberate defect has to be found within this many faults."""

WINDOWS = {"fence-late": 3.0, "postgres-no-epoch": 4.0, "sqlite-no-epoch": 4.0}
"""Seconds that a defect's windows stay open, where they differ from `WINDOW`."""

STRIKES = {
    "fence-late": ("freeze",),
    "article-first": ("kill", "kill-at-point"),
    "removal-first": ("kill", "kill-at-point"),
    "hasty-owner": ("terminate", "rolling-restart", "add-and-remove"),
    "deaf-owner": ("freeze",),
    "published-forgotten": ("kill", "terminate", "rescale"),
    "postgres-no-epoch": ("freeze-at-point",),
    "sqlite-no-epoch": ("freeze-at-point",),
    "parquet-rename": ("freeze-at-point",),
}
"""The kinds of faults that reveal a defect, where not all do.

A late fence needs an owner that wakes up while the next one opens; a hasty owner one that takes over at once.
"""

LANES = dict.fromkeys(PAGE_MUTANTS, ("pages",)) | {name: (name.split("-")[0],) for name in SINK_MUTANT_NAMES}
"""The services that faults strike, where not all have the defect."""

POINTS: dict[str, tuple[Point, ...]] = {
    "postgres-no-epoch": ("write",),
    "sqlite-no-epoch": ("write",),
    "parquet-rename": ("rows",),
}
"""The points at which a former owner has to be frozen to show a defect, where not all do."""

PAUSES = {"hasty-owner": 3.0, "deaf-owner": 0.5, "published-forgotten": 1.5}
"""Pauses between two requests to a site, where the usual one hides the defect.

Mostly it is over before the next owner has opened. A deaf owner is found only if the next one asks while it is frozen.
"""

WINDOW = 0.15
"""Seconds that a defect's windows stay open: the length of a few transactions."""


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description=DESCRIPTION)
    parser.add_argument("--faults", type=int, default=100, help="number of faults in all pieces together")
    parser.add_argument("--seed", default="1", help="seed of the faults; the same seed resumes the same campaign")
    parser.add_argument("--piece", type=int, help="faults in one piece, between two checks (50; 25 in a self-test)")
    parser.add_argument("--piece-seed", help="run only the piece with this seed, which a violation names")
    parser.add_argument("--keep-going", action="store_true", help="run all pieces, even after a violation")
    parser.add_argument("--state", type=Path, help="folder for the results (.dateline/chaos/SEED)")
    parser.add_argument("--session", type=float, default=3.0, help="session time-out of the replicas, in seconds")
    parser.add_argument(
        "--transaction",
        type=float,
        help="their transaction time-out (0.6 of the session time-out)",
    )
    parser.add_argument("--pause", type=float, help="pause between two requests to a site, in seconds (0.2)")
    parser.add_argument("--kinds", default="", help="only these kinds of faults, separated by commas")
    parser.add_argument("--lanes", default="", help="strike only these services, or the broker; separated by commas")
    parser.add_argument("--points", default="", help="only these points of a transaction, separated by commas")
    parser.add_argument(
        "--mutant", default="", choices=["", *MUTANT_NAMES, *SINK_MUTANT_NAMES], help="run with this deliberate defect"
    )
    parser.add_argument("--window", type=float, default=0.0, help="seconds that the defect's windows stay open")
    parser.add_argument("--sinks", action="store_true", help="strike the sinks and their targets, not the pipeline")
    parser.add_argument("--selftest", action="store_true", help="check that each deliberate defect is found")
    return parser.parse_args(words)


async def run(options: argparse.Namespace) -> int:
    plan = PiecePlan(
        seed=options.piece_seed or options.seed,
        faults=options.faults,
        session_seconds=options.session,
        transaction_seconds=options.transaction or options.session * 0.6,
        pause_seconds=options.pause or PAUSE_SECONDS,
        kinds=tuple(filter(None, options.kinds.split(","))),
        lanes=tuple(filter(None, options.lanes.split(","))),
        points=tuple(filter(None, options.points.split(","))),
        mutant=options.mutant,
        window_seconds=options.window,
        sinks=options.sinks,
    )
    if options.selftest:
        return await selftest(plan, options.piece or 25)
    folder = options.state or Path(".dateline/chaos") / (f"sinks-{plan.seed}" if plan.sinks else plan.seed)
    plans = [plan] if options.piece_seed else plans_for(plan, options.piece or 50)
    summary = await Campaign(folder=folder, plans=plans, keep_going=options.keep_going, say=say).run()
    say(summary_text(summary))
    return 1 if summary["violations"] else 0


async def selftest(plan: PiecePlan, piece: int) -> int:
    """Run pieces with each deliberate defect until one shows it; return 1 if one is not found in time."""
    missed = 0
    for name in [plan.mutant] if plan.mutant else SINK_MUTANT_NAMES if plan.sinks else MUTANT_NAMES:
        window = plan.window_seconds or WINDOWS.get(name, WINDOW)
        kinds = plan.kinds or STRIKES.get(name, ())
        lanes, pause = plan.lanes or LANES.get(name, ()), PAUSES.get(name, plan.pause_seconds)
        mutant = replace(plan, mutant=name, window_seconds=window, faults=SELFTEST_FAULTS, kinds=kinds)
        mutant = replace(mutant, lanes=lanes, pause_seconds=pause, points=plan.points or POINTS.get(name, ()))
        faults, found = 0, Counter[str]()
        for each in plans_for(mutant, piece):
            with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
                await Campaign(folder=Path(folder), plans=[each], say=lambda _: None).run()
                (result,) = pieces_of(Path(folder))
            faults += len(result["faults"])
            found = evidence(violation["rule"] for violation in result["violations"])
            if found:
                break
        missed += not found
        say(f"{name}: {'found' if found else 'NOT FOUND'} after {faults} faults, by {dict(found)}")
    return 1 if missed else 0


def evidence(rules: Iterable[str]) -> Counter[str]:
    """Count the violations that prove a defect; a piece that did not settle proves nothing about lost records."""
    found = Counter(rules)
    unsettled = found.pop("unsettled", 0)
    del found["unexpected-end"]
    if unsettled:
        del found["lost"], found["offsets"], found["queue"]
    return found


async def main() -> int:
    """Run to the end or until SIGTERM; processes and mounts are removed in either case."""
    running = asyncio.ensure_future(run(arguments(sys.argv[1:])))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    try:
        return await running
    except asyncio.CancelledError:
        return 130


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
