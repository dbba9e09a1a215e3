"""The summary of a campaign, as JSON and as text."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["summarized", "summary_text"]


def summarized(pieces: Sequence[Mapping[str, Any]], broken: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Add up the results of pieces; `broken` are earlier runs with violations that were repeated later."""
    faults = [fault for piece in pieces for fault in piece["faults"]]
    recoveries = [each for piece in pieces for each in piece["recoveries"]]
    kinds = Counter(fault["kind"] for fault in faults)
    struck = Counter(fault["kind"] for fault in faults if fault["open"])
    return {
        "faults": len(faults),
        "in_open_transactions": sum(struck.values()),
        "kinds": {kind: {"faults": n, "in_open_transactions": struck[kind]} for kind, n in kinds.most_common()},
        "points": dict(Counter(fault["point"] for fault in faults if "point" in fault).most_common()),
        "pieces": len(pieces),
        "commits": dict(_faults_by_commit(pieces)),
        "seconds": round(sum(piece["seconds"] for piece in pieces), 1),
        "records": dict(sum((Counter(piece["articles"]) for piece in pieces), Counter[str]())),
        "transactions": sum(piece["transactions"] for piece in pieces),
        "session_seconds": sorted({piece["plan"]["session_seconds"] for piece in pieces}),
        "recovery": {
            "all": _spread([each["seconds"] for each in recoveries]),
            "without_other_faults": _spread([each["seconds"] for each in recoveries if each["alone"]]),
        },
        "recovery_by_lane": {
            lane: _spread([each["seconds"] for each in recoveries if each["task"].split("-")[0] == lane])
            for lane in dict.fromkeys(each["task"].split("-")[0] for each in recoveries)
        },
        "politeness": _politeness([piece["politeness"] for piece in pieces if piece.get("politeness")]),
        "longest_pause_seconds": max((piece["longest_pause"] for piece in pieces), default=0.0),
        "found_and_mended": [
            {"commit": piece["commit"], "faults": len(piece["faults"]), "violations": _rules(piece)} for piece in broken
        ],
        "violations": sum(len(piece["violations"]) for piece in pieces),
    }


def summary_text(summary: Mapping[str, Any]) -> str:
    """Format a summary as text."""
    count, struck = summary["faults"], summary["in_open_transactions"]
    records = summary["records"]
    lines = [
        f"{count} faults in {summary['pieces']} pieces, {summary['seconds'] / 60:.0f} minutes; "
        f"{struck} ({struck / max(count, 1):.0%}) interrupted an open transaction",
        _records_text(records, summary["transactions"]),
        *(f"  {kind:<22}{n['faults']:>5}{n['in_open_transactions']:>6} open" for kind, n in summary["kinds"].items()),
        "points: " + (", ".join(f"{point} {n}" for point, n in summary["points"].items()) or "none"),
    ]
    polite = summary["politeness"]
    if polite:
        lines.append(
            f"{records.get('page-requests', 0):,} requests for pages: {records.get('from pages', 0):,} articles with "
            f"the page's text, {records.get('from feeds instead', 0):,} with the feed's; {polite['requests']:,} "
            f"requests to sites, the closest two {polite['closest_share']:.2f} pauses apart, "
            f"{polite['strays']} strays in {polite['freezes']} freezes"
        )
    for name, label in (("without_other_faults", "kill alone"), ("all", "all kills")):
        spread = summary["recovery"][name]
        if spread:
            lines.append(
                f"recovery, {label}: p50 {spread['p50']:.1f} s, max {spread['max']:.1f} s of {spread['n']} partitions "
                f"(session time-out {'/'.join(f'{s:g}' for s in summary['session_seconds'])} s)"
            )
    lines += [
        f"recovery, {lane}: p50 {spread['p50']:.1f} s, max {spread['max']:.1f} s of {spread['n']} partitions"
        for lane, spread in summary["recovery_by_lane"].items()
    ]
    lines.append(f"longest pause of a partition: {summary['longest_pause_seconds']:.1f} s")
    lines.append("commits: " + ", ".join(f"{commit[:12]} {n} faults" for commit, n in summary["commits"].items()))
    lines += [
        f"found earlier by {piece['faults']} faults, at {piece['commit'][:12]}: {piece['violations']}"
        for piece in summary["found_and_mended"]
    ]
    lines.append(f"violations: {summary['violations']}")
    return "\n".join(lines)


def _records_text(records: Mapping[str, int], transactions: int) -> str:
    if "records" in records:
        # The sum of counters leaves zeros out.
        n = Counter(records)
        return (
            f"{n['records']:,} records: {n['postgres']:,} for postgres, {n['sqlite']:,} for sqlite, "
            f"{n['parquet']:,} for parquet in {n['files']:,} files; {n['refused']:,} refused, "
            f"{n['dead-letters']:,} dead letters; "
            f"{transactions:,} writes, {n['owners']:,} owners of positions, {n['aborted']:,} records aborted"
        )
    return (
        f"{records.get('articles.parsed', 0):,} articles parsed, {records.get('articles.enriched', 0):,} enriched, "
        f"{records.get('digests', 0):,} outputs of the consumer, {records.get('dead-letters', 0):,} dead letters; "
        f"{transactions:,} transactions, {records.get('aborted', 0):,} records aborted"
    )


def _faults_by_commit(pieces: Sequence[Mapping[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for piece in pieces:
        found[piece["commit"]] += len(piece["faults"])
    return found


def _politeness(pieces: Sequence[Mapping[str, float]]) -> dict[str, float]:
    if not pieces:
        return {}
    sums = {name: sum(piece[name] for piece in pieces) for name in ("requests", "freezes", "strays")}
    closest = min(piece["closest_seconds"] / piece["pause_seconds"] for piece in pieces)
    return {**sums, "closest_share": round(closest, 3)}


def _rules(piece: Mapping[str, Any]) -> dict[str, int]:
    return dict(Counter(violation["rule"] for violation in piece["violations"]))


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {"n": len(seconds), "p50": round(statistics.median(seconds), 2), "max": round(max(seconds), 2)}
