"""Keeps the history, and draws it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dateline_status.history.entries import Entry
from dateline_status.history.folds import Fold, LastFold, SpreadFold
from dateline_status.history.grid import Grid
from dateline_status.history.plots import plots_of
from dateline_status.history.tiers import BEATS, MINUTES, TENS, WINDOWS, Tier
from dateline_status.history.timeline import Timeline
from dateline_status.history.view import HistoryView, WindowName

__all__ = ["HistoryStore"]

AHEAD_SECONDS = 300.0
"""A record whose time is further in the future is ignored; the clocks of machines differ a little."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    end: int
    complete: bool
    version: int
    at: float
    view: HistoryView


@dataclass(slots=True, kw_only=True)
class HistoryStore:
    """The history of two days at falling resolution, in bounded memory.

    The same records give the same history, whenever they are read.

    Attributes:
        now: returns the current time, in seconds since the epoch.
        own_groups: returns the pipeline's groups that exist, whose lag is always drawn.
        complete: whether everything has been read that Kafka still has.
        version: grows with each record.
        redraw_seconds: a window is drawn again after this time at the earliest, unless a step has ended.
    """

    now: Callable[[], float] = time.time
    own_groups: Callable[[], frozenset[str]] = frozenset
    complete: bool = False
    version: int = 0
    redraw_seconds: float = 0.0
    timeline: Timeline = field(default_factory=Timeline)
    _grids: dict[Tier, Grid] = field(default_factory=lambda: {tier: Grid(tier) for tier in (BEATS, MINUTES, TENS)})
    _beats: SpreadFold = field(default_factory=SpreadFold)
    _minutes: SpreadFold = field(default_factory=SpreadFold)
    _tens: LastFold = field(default_factory=LastFold)
    _drawn: dict[WindowName, _Drawn] = field(default_factory=dict)

    def add_beat(self, entry: Entry) -> None:
        """Add a heartbeat."""
        if self._told(entry):
            self._add(entry, self._beats, BEATS)

    def add_figures(self, entry: Entry, *, recent: bool = True, old: bool = True) -> None:
        """Add a record of figures.

        Args:
            entry: the record.
            recent: add it to the last hours.
            old: add it to the two days; the records for them come in their order.
        """
        if not self._told(entry):
            return
        if recent:
            self._add(entry, self._minutes, MINUTES)
        if old:
            self._add(entry, self._tens, TENS)

    def view(self, window: WindowName) -> HistoryView:
        """Return what is known of a window."""
        shape = WINDOWS[window]
        tier, now = shape.tier, self.now()
        end = tier.step(now - tier.settle_seconds)
        drawn = self._drawn.get(window)
        if drawn is None or (drawn.end, drawn.complete) != (end, self.complete) or self._is_old(drawn):
            view = self._draw(window, range(end - shape.steps, end), now)
            drawn = self._drawn[window] = _Drawn(end, self.complete, self.version, time.monotonic(), view)
        return drawn.view

    def _is_old(self, drawn: _Drawn) -> bool:
        return drawn.version != self.version and time.monotonic() - drawn.at >= self.redraw_seconds

    def _draw(self, window: WindowName, steps: range, now: float) -> HistoryView:
        tier = WINDOWS[window].tier
        begin, end = steps.start * tier.step_seconds, steps.stop * tier.step_seconds
        return HistoryView(
            window=window,
            begin=begin,
            end=end,
            step_seconds=tier.step_seconds,
            complete=self.complete,
            times=[(step + 1) * tier.step_seconds for step in steps],
            plots=plots_of(self._grids[tier], steps, self.own_groups()),
            # What has just happened need not wait for the end of its step.
            events=self.timeline.between(begin, now, now),
        )

    def _told(self, entry: Entry) -> bool:
        sample, now = entry.sample, self.now()
        if not now - TENS.seconds <= sample.at <= now + AHEAD_SECONDS:
            return False
        self.version += 1
        who = entry.service, entry.instance, sample.started
        self.timeline.heard(*who, sample.at, measured=entry.measured)
        self.timeline.told(*who, entry.events)
        if entry.end is not None:
            self.timeline.ended(*who, *entry.end, sample.at)
        return True

    def _add(self, entry: Entry, fold: Fold, tier: Tier) -> None:
        grid = self._grids[tier]
        if fold.add(entry.sample, grid) and entry.observed is not None:
            grid.observe(entry.sample.at, entry.observed)
