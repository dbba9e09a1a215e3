"""The rules for a feed whose poll failed: its verdict, and when it is polled again."""

from dataclasses import dataclass

from dateline.duration import in_words
from dateline_schemas import Feed, FeedPoll, FeedState

from dateline_ingest.polling.results import Failed
from dateline_ingest.polling.rhythm import Plan, Rhythm
from dateline_ingest.settings import IngestSettings

__all__ = ["FailureRules", "failed_poll"]

RETURN_AFTER = 3
"""After this many failures in a row at the address that a feed moved to, its own address is polled again."""

MAX_REASON_CHARACTERS = 500
"""Longest reason in a feed's state; a longer one is cut."""

MAX_POLL_REASON_CHARACTERS = 160
"""Longest reason in the list of a feed's last polls; a longer one is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRules:
    """The rules for what a failed poll changes in a feed's state."""

    settings: IngestSettings
    rhythm: Rhythm

    def after(self, feed: Feed, state: FeedState, failed: Failed) -> FeedState:
        """Return the state of a feed after a failed poll."""
        error = failed.error[:MAX_REASON_CHARACTERS]
        changed: dict[str, object] = {
            "last_poll": failed.at,
            "last_status": failed.status,
            "last_error": error,
            "redirect_polls": 0,
            "candidates": list(failed.candidates),
        }
        if failed.trouble == "held":
            # The feed's own server was not asked, so this is not a failure of the feed.
            plan = self.rhythm.retry(failed.at, self.settings.poll_min_seconds, error)
            return state.model_copy(update=changed | {"last_error": state.last_error} | plan.fields())
        failures = state.failures + 1
        changed["failures"] = failures
        lost = failed.trouble in ("gone", "missing") or failures >= RETURN_AFTER
        if state.moved_to is not None and lost:
            changed |= {"moved_to": None, "fetched_from": None, "etag": None, "last_modified": None}
        elif failed.trouble == "gone":
            reason = f"{error}: it is not polled again until it is resumed or its address is changed"
            plan = Plan(None, "the server says that the feed is gone for good")
            return state.model_copy(update=changed | {"verdict": "GONE", "reason": reason} | plan.fields())
        times = "1 poll failed" if failures == 1 else f"{failures} polls in a row failed"
        plan = self._retry(feed, state, failed, failures, times)
        changed |= {"verdict": "FAILING", "reason": f"{times}: {error}", **plan.fields()}
        return state.model_copy(update=changed)

    def _retry(self, feed: Feed, state: FeedState, failed: Failed, failures: int, times: str) -> Plan:
        """Return when a feed that failed is polled again: each failure doubles the pause, up to a limit."""
        interval = feed.interval_seconds or self.rhythm.own_interval(state, failed.at)
        missing = failed.trouble == "missing"
        longest = self.settings.missing_max_seconds if missing else self.settings.backoff_max_seconds
        pause = min(interval * 2.0 ** min(failures - 1, 30), max(longest, interval))
        reason = f"{times}, which makes the pause {in_words(pause)}"
        asked = min(failed.retry_after_seconds or 0.0, self.settings.backoff_max_seconds)
        if asked > pause:
            pause, reason = asked, f"the server asks for a pause of {in_words(asked)} (Retry-After)"
        return self.rhythm.retry(failed.at, pause, reason)


def failed_poll(failed: Failed) -> FeedPoll:
    """Return the entry of a failed poll in the list of a feed's last polls."""
    reason = failed.error[:MAX_POLL_REASON_CHARACTERS]
    return FeedPoll(at=failed.at.replace(microsecond=0), status=failed.status, reason=reason, outcome="failed")
