"""Where a sink begins whose target has no position yet: `earliest`, `latest`, or a time."""

from datetime import UTC, datetime

from dateline.errors import DatelineError
from dateline.kafka.offsets import Start

__all__ = ["parse_start"]


def parse_start(text: str) -> Start:
    """Return the start that `text` names; a time without a zone is in UTC.

    Raises:
        DatelineError: it is neither `earliest` nor `latest` nor a time of ISO 8601.
    """
    if text == "earliest":
        return "earliest"
    if text == "latest":
        return "latest"
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise DatelineError(
            f"{text!r} is not a place to begin; write earliest, latest, or a time such as 2026-05-01T06:00Z"
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
