"""The command line of the campaign: `python -m chaos`, with `tests` on the path."""

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
from chaos.mutants import MUTANTS
from chaos.piece import PiecePlan
from chaos.summary import summary_text

SELFTEST_FAULTS = 200
"""Within so many faults each deliberate defect has to be found."""

WINDOWS = {"fence-late": 3.0}
"""Seconds for which a defect's windows are open, where that is not `WINDOW`."""

STRIKES = {"fence-late": ("freeze",)}
"""Kinds of faults by which alone a defect shows: here it takes an owner that comes back while the next one opens."""

WINDOW = 0.15
"""Seconds for which a defect's windows are open: some transactions' length."""


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description="Strikes the pipeline and accounts for every article.")
    parser.add_argument("--faults", type=int, default=100, help="how many, in all pieces together")
    parser.add_argument("--seed", default="1", help="draws the faults; the same seed resumes the same campaign")
    parser.add_argument("--piece", type=int, help="faults between two checks (50; 25 in a self-test)")
    parser.add_argument("--piece-seed", help="run only the piece with this seed, as a violation names it")
    parser.add_argument("--keep-going", action="store_true", help="run all pieces, also after a violation")
    parser.add_argument("--state", type=Path, help="folder of the results (.dateline/chaos/SEED)")
    parser.add_argument("--session", type=float, default=3.0, help="session time-out of the replicas in seconds")
    parser.add_argument("--transaction", type=float, help="their transaction time-out (six tenths of that)")
    parser.add_argument("--kinds", default="", help="only these kinds of faults, separated by commas")
    parser.add_argument("--points", default="", help="only these points of a transaction, separated by commas")
    parser.add_argument("--mutant", default="", choices=["", *MUTANTS], help="put a deliberate defect in")
    parser.add_argument("--window", type=float, default=0.0, help="seconds for which the defect's windows are open")
    parser.add_argument("--selftest", action="store_true", help="see that each deliberate defect is found")
    return parser.parse_args(words)


async def run(options: argparse.Namespace) -> int:
    plan = PiecePlan(
        seed=options.piece_seed or options.seed,
        faults=options.faults,
        session_seconds=options.session,
        transaction_seconds=options.transaction or options.session * 0.6,
        kinds=tuple(filter(None, options.kinds.split(","))),
        points=tuple(filter(None, options.points.split(","))),
        mutant=options.mutant,
        window_seconds=options.window,
    )
    if options.selftest:
        return await selftest(plan, options.piece or 25)
    folder = options.state or Path(".dateline/chaos") / plan.seed
    plans = [plan] if options.piece_seed else plans_for(plan, options.piece or 50)
    summary = await Campaign(folder=folder, plans=plans, keep_going=options.keep_going, say=say).run()
    say(summary_text(summary))
    return 1 if summary["violations"] else 0


async def selftest(plan: PiecePlan, piece: int) -> int:
    """Run pieces with each deliberate defect until one shows it; return 1 if one is not found in time."""
    missed = 0
    for name in [plan.mutant] if plan.mutant else list(MUTANTS):
        window = plan.window_seconds or WINDOWS.get(name, WINDOW)
        kinds = plan.kinds or STRIKES.get(name, ())
        mutant = replace(plan, mutant=name, window_seconds=window, faults=SELFTEST_FAULTS, kinds=kinds)
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
    """Return the rules that a defect of the data broke: what came to no end proves nothing of what is there."""
    found = Counter(rules)
    unsettled = found.pop("unsettled", 0)
    del found["unexpected-end"]
    if unsettled:
        del found["lost"], found["offsets"]
    return found


async def main() -> int:
    """Run until it is done, or told to stop: processes and mounts are cleared away in any case."""
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
