"""The articles of a batch in one request, and what the answer says of each."""

from collections.abc import Iterator
from typing import Any

from dateline.errors import BatchError, PermanentError, TransientError
from dateline.sink.batch import SinkBatch
from pydantic_core import to_json

from dateline_sinks.opensearch.document import document_id, document_of, document_version

__all__ = ["bulk_body", "check_items"]

OLDER = 409
"""The index has a later revision already."""

REFUSED = 400
"""The document does not fit the mapping."""


def bulk_body(batch: SinkBatch) -> bytes:
    """Return the body of the request: an action and a document for each record."""
    return b"".join(_lines(batch))


def check_items(answer: dict[str, Any]) -> None:
    """Check that each article is stored, or that a later revision is.

    Raises:
        BatchError: these articles are refused.
        TransientError: some were not stored, and another attempt may succeed.
    """
    if not answer.get("errors"):
        return
    refused: dict[int, Exception] = {}
    for number, item in enumerate(answer["items"]):
        (result,) = item.values()
        status, error = result["status"], result.get("error")
        if error is None or status == OLDER:
            continue
        reason = f"{error.get('type')}: {error.get('reason')}{_cause(error)}"
        if status != REFUSED:
            raise TransientError(f"article {result.get('_id')} was not stored ({status}): {reason}")
        refused[number] = PermanentError(reason)
    if refused:
        raise BatchError(refused)


def _lines(batch: SinkBatch) -> Iterator[bytes]:
    for article, revised_at in batch.articles():
        action = {
            "index": {
                "_id": document_id(article.id),
                "version": document_version(revised_at),
                # A batch that is written again changes nothing, and a late one replaces nothing.
                "version_type": "external_gte",
            }
        }
        yield to_json(action) + b"\n"
        yield to_json(document_of(article, revised_at), inf_nan_mode="null") + b"\n"


def _cause(error: dict[str, Any]) -> str:
    cause = error.get("caused_by")
    return f" ({cause.get('reason')})" if cause else ""
