"""The outcome of a poll, as metrics count it."""

from dateline_ingest.polling.results import Failed, PollResult, Unchanged

__all__ = ["poll_outcome"]

NOT_MODIFIED = 304
"""The status of an answer without a document."""


def poll_outcome(result: PollResult, found: int) -> str:
    """Return a value of the label `outcome` of `dateline_polls_total`.

    Args:
        result: what the poll brought.
        found: number of new, changed and retracted articles.
    """
    match result:
        case Failed(trouble="gone" | "held" as outcome):
            return outcome
        case Failed():
            return "failed"
        case Unchanged(response=response) if response.status == NOT_MODIFIED:
            return "not_modified"
        case _:
            return "new" if found else "nothing_new"
