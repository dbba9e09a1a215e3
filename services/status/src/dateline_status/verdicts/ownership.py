"""Tells the pipeline's own groups and services from those of somebody's consumers."""

from collections.abc import Iterable, Mapping, Sequence

from dateline_schemas import GroupOffset

from dateline_status.tables.heartbeats import Beat

__all__ = ["OWN_SERVICES", "own_groups", "own_services", "started_by"]

OWN_SERVICES = frozenset({"ingest", "pages", "enrich", "sinks", "status"})
"""The names of the pipeline's services in heartbeats, and the usual names of their groups."""


def own_groups(groups: Mapping[str, Sequence[GroupOffset]], beats: Iterable[Beat]) -> frozenset[str]:
    """Return the groups that belong to the pipeline: their verdicts decide its health.

    A group's marker says what it is. Markers of earlier versions do not; then the heartbeats say it, and the usual
    names do. A process that runs a group for the pipeline says so in its heartbeats, whoever started the group first.

    Args:
        groups: the markers of each group.
        beats: the last heartbeat of each instance.
    """
    heard = {
        each.heartbeat.group
        for each in beats
        if each.heartbeat.service in OWN_SERVICES or each.heartbeat.details.get("role") == "pipeline"
    }
    return frozenset(group for group, markers in groups.items() if group in heard or _is_own(group, markers))


def own_services(own: frozenset[str], beats: Iterable[Beat]) -> frozenset[str]:
    """Return the names of the pipeline's services: the usual ones, and those that run one of its groups."""
    return OWN_SERVICES | {each.heartbeat.service for each in beats if each.heartbeat.group in own}


def started_by(markers: Sequence[GroupOffset]) -> str | None:
    """Return who started a group, when and where, in words; None if its markers do not say it."""
    first = min((each for each in markers if each.host or each.program), key=lambda each: each.created, default=None)
    if first is None:
        return None
    who = f"by {first.user} " if first.user else ""
    where = f"on {first.host} " if first.host else ""
    what = f", with `{first.program}`" if first.program else ""
    return f"started {who}{where}at {first.created:%Y-%m-%d %H:%M} UTC{what}"


def _is_own(group: str, markers: Sequence[GroupOffset]) -> bool:
    roles = {each.role for each in markers}
    return "pipeline" in roles or (roles <= {None} and group in OWN_SERVICES)
