"""What the answer of a receiver means for the record, and for those after it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from dateline.errors import PermanentError, TargetEndedError
from dateline_web.answer import Answer
from dateline_web.headers.hints import retry_after

__all__ = ["DeliveryFailure", "failure_of"]

REFUSED = frozenset({400, 413, 422})
"""Statuses about the content of one request: the receiver will never take this record."""

BUSY = frozenset({408, 409, 425, 429})
"""Statuses below 500 that mean: not now."""

QUOTED_CHARACTERS = 200
"""Characters of an answer that messages quote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailure:
    """A failed attempt; the record waits.

    Attributes:
        reason: what happened, for people.
        retry_after_seconds: the pause that the receiver asks for.
        settled: whether another attempt soon is useless, since somebody has to change something first.
    """

    reason: str
    retry_after_seconds: float | None = None
    settled: bool = False


def failure_of(answer: Answer) -> DeliveryFailure | None:
    """Return the failure that an answer states; None if the record was delivered.

    Only statuses about the content of a request refuse a record. A wrong secret (401, 403), a wrong address (404, 405)
    or a redirect concerns every record alike, so the records wait until it is corrected.

    Raises:
        TargetEndedError: the receiver wants no more records (410).
        PermanentError: the receiver refuses this record.
    """
    status = answer.status
    if 200 <= status < 300:
        return None
    text = " ".join(answer.body.decode(errors="replace").split())[:QUOTED_CHARACTERS]
    reason = f"the receiver answered {status}" + (f": {text}" if text else "")
    if status == 410:
        raise TargetEndedError(f"{reason}. It wants no more articles; the position stays where it is")
    if status in REFUSED:
        raise PermanentError(reason)
    if answer.location is not None:
        reason = f"the receiver answered {status}, a redirect to {answer.location}; give that address if it is right"
    settled = status < 500 and status not in BUSY
    pause = retry_after(answer.headers.get("Retry-After"), datetime.now(UTC))
    return DeliveryFailure(reason=reason, retry_after_seconds=pause, settled=settled)
