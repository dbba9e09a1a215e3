"""A campaign: pieces run one after the other, each with a result file, so that it can be stopped and resumed."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from chaos.accounting.recovery import longest_pause, recoveries
from chaos.accounting.violation import Violation
from chaos.journal import Event
from chaos.piece import PAUSE_SECONDS, PiecePlan, PieceResult, run_piece
from chaos.summary import summarized, summary_text

__all__ = ["Campaign", "pieces_of", "plans_for"]

HISTORY_SECONDS = 6.0
"""Events this many seconds before and after a violation are shown."""

SHOWN = 10
"""At most this many violations of a piece are shown with their history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Runs pieces and keeps their results in `folder`."""

    folder: Path
    plans: Sequence[PiecePlan]
    keep_going: bool = False
    say: Callable[[str], None] = print

    async def run(self) -> dict[str, Any]:
        """Run the pieces without a result free of violations, up to the first violation or all; return the summary."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for number, plan in enumerate(self.plans):
            path = self.folder / f"piece-{number:03d}.json"
            if path.exists():
                if not json.loads(path.read_text())["violations"]:
                    continue
                # Run the same faults again, on code that was fixed meanwhile; keep what they found before.
                broken = len(list(self.folder.glob(f"broken-{number:03d}-*.json")))
                path.rename(self.folder / f"broken-{number:03d}-{broken}.json")
            self.say(f"piece {number}: {plan.faults} faults, seed {plan.seed}")
            result = await self._run(plan, self.folder / f"piece-{number:03d}")
            path.write_text(json.dumps(result, indent=1))
            records, broken = result["articles"], len(result["violations"])
            self.say(f"piece {number}: {result['seconds']:.0f} s, {records}, {broken} violations")
            if result["violations"] and not self.keep_going:
                break
        return self.summary()

    def summary(self) -> dict[str, Any]:
        """Return the summary of all pieces so far, and write it to the folder."""
        broken = [json.loads(path.read_text()) for path in sorted(self.folder.glob("broken-*.json"))]
        summary = summarized(pieces_of(self.folder), broken)
        (self.folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n")
        (self.folder / "summary.txt").write_text(summary_text(summary) + "\n")
        return summary

    async def _run(self, plan: PiecePlan, folder: Path) -> dict[str, Any]:
        renew(folder)
        if plan.sinks:
            # Its drivers are only needed here.
            from chaos.sinks.sink_piece import run_sink_piece

            result = await run_sink_piece(plan, folder, self.say)
        else:
            result = await run_piece(plan, folder, self.say)
        for violation in result.violations[:SHOWN]:
            self.say(f"VIOLATION {violation.rule}: {violation.what}")
            self.say(history(result, violation))
        if result.violations:
            self.say(f"{len(result.violations)} violations; the same faults again: {command(plan)}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
        return {
            "plan": asdict(plan),
            "commit": present_commit(),
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(result.wall)),
            "seconds": round(result.seconds, 1),
            "faults": result.faults,
            "violations": [asdict(violation) for violation in result.violations],
            "articles": result.articles,
            "transactions": result.transactions,
            "politeness": result.politeness,
            "recoveries": [asdict(each) for each in recoveries(result.events, result.faults)],
            "longest_pause": longest_pause(result.events),
        }


def pieces_of(folder: Path) -> list[dict[str, Any]]:
    """Return the results of the pieces in a folder."""
    return [json.loads(path.read_text()) for path in sorted(folder.glob("piece-*.json"))]


def plans_for(plan: PiecePlan, piece: int) -> list[PiecePlan]:
    """Split `plan` into plans of at most `piece` faults each."""
    sizes = [min(piece, plan.faults - done) for done in range(0, plan.faults, piece)]
    return [replace(plan, seed=f"{plan.seed}.{n}", faults=size) for n, size in enumerate(sizes)]


def renew(folder: Path) -> None:
    """Make an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def history(result: PieceResult, violation: Violation) -> str:
    """Return the events around a violation, or the last faults if its time is unknown."""
    if violation.timestamp is None:
        events: list[Event] = [event for event in result.events if event.kind == "fault"][-20:]
    else:
        at = result.began + violation.timestamp / 1000 - result.wall
        events = [event for event in result.events if abs(event.at - at) < HISTORY_SECONDS]
    return "\n".join("  " + event.line(result.began) for event in events)


def command(plan: PiecePlan) -> str:
    """Return the command that repeats the same faults."""
    parts = ["--sinks"] if plan.sinks else []
    parts += [f"--piece-seed {plan.seed}", f"--faults {plan.faults}", f"--session {plan.session_seconds:g}"]
    parts += [f"--pause {plan.pause_seconds:g}"] if plan.pause_seconds != PAUSE_SECONDS else []
    parts += [f"--kinds {','.join(plan.kinds)}"] if plan.kinds else []
    parts += [f"--lanes {','.join(plan.lanes)}"] if plan.lanes else []
    parts += [f"--points {','.join(plan.points)}"] if plan.points else []
    parts += [f"--mutant {plan.mutant} --window {plan.window_seconds:g}"] if plan.mutant else []
    return f"make chaos ARGS='{' '.join(parts)}'"


def present_commit() -> str:
    """Return the checked-out commit, followed by `+changes` if files differ from it."""
    folder = Path(__file__).parent
    try:
        commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=True)
        changes = subprocess.run(
            ["git", "status", "--porcelain", "-uno"], cwd=folder, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit.stdout.strip() + ("+changes" if changes.stdout.strip() else "")
