"""The sites judge the replicas: one request at a time, and a pause between two, whoever sends them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from chaos.journal import Event
from chaos.traffic.page_sites import SiteRequest

__all__ = ["Politeness", "politeness"]

ROUNDING_SECONDS = 0.001
"""Clocks and timers are exact to less than this."""


@dataclass(slots=True, kw_only=True)
class Freeze:
    """A frozen replica: from when on it may have sent a request that it had decided on before."""

    agent: str
    woken: float
    until: float
    stray: SiteRequest | None = None


@dataclass(slots=True, kw_only=True)
class Politeness:
    """What the sites saw."""

    requests: int = 0
    closest_seconds: float = float("inf")
    """The shortest time between the beginnings of two requests to a site, strays aside."""
    freezes: int = 0
    """Freezes of replicas that read pages."""
    strays: int = 0
    """Requests that came too early because their sender had been frozen, at most one for each freeze."""
    offences: list[tuple[float, str]] = field(default_factory=list)
    """Requests that came too early, with the time and the circumstances."""


def politeness(
    requests: Sequence[SiteRequest], events: Sequence[Event], *, pause_seconds: float, session_seconds: float
) -> Politeness:
    """Judge the requests to all sites.

    Two requests are too close if not even the longest time that may have passed between them is as long as the pause:
    the sites may have noticed the first one late, but not the second one early. The pause of one replica begins only
    when it has the answer, so its requests are judged from there, by times that are exact. Requests of two
    replicas are judged from the beginning of the first one: what has the second one waited for is its own
    opening, which came after the first one was cut off. Two requests at a time are always too close.

    Args:
        requests: the requests to all sites.
        events: the events of the piece; they tell which replicas were frozen.
        pause_seconds: the pause between two requests to a site.
        session_seconds: a woken replica learns within this time that it has lost its sites.
    """
    freezes = list(_freezes(events, session_seconds))
    found = Politeness(requests=len(requests), freezes=len(freezes))
    for site in sorted({request.site for request in requests}):
        kept = sorted((each for each in requests if each.site == site), key=lambda each: each.at)
        while (offence := _offence(kept, pause_seconds)) is not None:
            first, second, circumstances = offence
            stray = _stray(freezes, first, second)
            if stray is None:
                found.offences.append((second.at, f"{site}: {circumstances}"))
                kept.remove(second)
            else:
                found.strays += 1
                kept.remove(stray)
        for first, second in pairwise(kept):
            found.closest_seconds = min(found.closest_seconds, second.at - first.at)
    return found


def _offence(requests: Sequence[SiteRequest], pause: float) -> tuple[SiteRequest, SiteRequest, str] | None:
    """Return the first two requests that are too close, and the circumstances."""
    last: SiteRequest | None = None
    for request in requests:
        if last is not None:
            told = f"{last.path} by {last.agent}, and {request.path} by {request.agent}"
            if request.at < last.ended_earliest:
                return last, request, f"two at a time: {told}, {request.at - last.at:.3f} s later"
            since = last.ended if last.answered and last.agent == request.agent else last.earliest
            if request.at - since < pause - ROUNDING_SECONDS:
                return last, request, f"{request.at - since:.3f} s instead of {pause:g} s between {told}"
        if last is None or request.ended >= last.ended or request.at >= last.ended:
            last = request
    return None


def _stray(freezes: Iterable[Freeze], *requests: SiteRequest) -> SiteRequest | None:
    """Return which of two requests may come from a replica that was frozen; each freeze explains only one."""
    for request in requests:
        for freeze in freezes:
            if freeze.stray is None and freeze.agent == request.agent and freeze.woken <= request.at <= freeze.until:
                freeze.stray = request
                return request
    return None


def _freezes(events: Sequence[Event], session_seconds: float) -> Iterator[Freeze]:
    agents = {event.details["name"]: event.details["agent"] for event in events if event.kind == "replica"}
    for event in events:
        if event.kind == "healed" and event.details["fault"].startswith("freeze"):
            agent = agents.get(event.details.get("victim", ""), "")
            if agent.startswith("pages-"):
                # The event is written just after the signal; a request may be noticed in between.
                yield Freeze(agent=agent, woken=event.at - 0.5, until=event.at + session_seconds)
