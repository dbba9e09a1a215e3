"""The positions in the target: a document for each place, which one owner at a time can change."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dateline.errors import FencedError, TransientError
from dateline.sink.place import SinkPlace
from opensearchpy import OpenSearch

__all__ = ["Claim", "check", "claim", "forget_positions", "move"]

ATTEMPTS = 10
"""Owners that open a place at the same time try this many times."""

MOST_POSITIONS = 10_000
"""At most this many positions are searched for those of a group."""

MAPPING = {
    "dynamic": False,
    "properties": {name: {"type": "keyword"} for name in ("group", "topic", "cluster_id", "owner")}
    | {name: {"type": "long"} for name in ("partition", "epoch", "next_offset")}
    | {"updated_at": {"type": "date"}},
}
"""The fields of a position, for people who look into the index."""


@dataclass(slots=True, kw_only=True)
class Claim:
    """A place that this process owns in the target, until another one claims it.

    Attributes:
        place: the place.
        epoch: counts the owners.
        next_offset: the position; None if nothing was written yet.
        sequence: the sequence number and primary term of the document, which change with each write to it.
    """

    place: SinkPlace
    epoch: int
    next_offset: int | None
    sequence: tuple[int, int]


def claim(client: OpenSearch, index: str, place: SinkPlace) -> Claim:
    """Become the owner of a place, and return its position as it is from then on.

    The epoch is raised on condition that the document is still the one whose position was read, so no earlier owner
    can move the position in between or afterwards.

    Raises:
        StageError: the position is of another Kafka cluster.
        TransientError: other owners claim it at the same time.
    """
    for _ in range(ATTEMPTS):
        found = client.get(index=index, id=_id(place), params={"ignore": 404})
        if found.get("found"):
            source = found["_source"]
            place.check_cluster(source["cluster_id"])
            epoch, next_offset = source["epoch"] + 1, source["next_offset"]
            condition = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        else:
            epoch, next_offset, condition = 1, None, {"op_type": "create"}
        sequence = _write(client, index, place, epoch, next_offset, condition)
        if sequence is not None:
            return Claim(place=place, epoch=epoch, next_offset=next_offset, sequence=sequence)
    raise TransientError(f"{place.name}: other processes open the same place in the target")


def check(client: OpenSearch, index: str, owned: Claim, first_offset: int) -> None:
    """Check that this process still owns a place whose position is `first_offset`.

    Raises:
        FencedError: the place has another owner, or another position.
    """
    found = client.get(index=index, id=_id(owned.place), params={"ignore": 404})
    if (found.get("_seq_no"), found.get("_primary_term")) != owned.sequence:
        raise _fenced(owned.place)
    if owned.next_offset is not None and owned.next_offset != first_offset:
        raise FencedError(f"{owned.place.name}: the target is at {owned.next_offset}, and the batch at {first_offset}")


def move(client: OpenSearch, index: str, owned: Claim, next_offset: int) -> None:
    """Write the position of a place that this process owns.

    Raises:
        FencedError: it has another owner, or its position was removed.
    """
    condition = {"if_seq_no": owned.sequence[0], "if_primary_term": owned.sequence[1]}
    sequence = _write(client, index, owned.place, owned.epoch, next_offset, condition)
    if sequence is None:
        raise _fenced(owned.place)
    owned.sequence, owned.next_offset = sequence, next_offset


def forget_positions(client: OpenSearch, index: str, group: str) -> int:
    """Remove the positions of a group; return their number."""
    if not client.indices.exists(index=index):
        return 0
    client.indices.refresh(index=index)
    found = client.search(index=index, body={"size": MOST_POSITIONS, "query": {"match_all": {}}})
    ids = [hit["_id"] for hit in found["hits"]["hits"] if hit["_source"]["group"] == group]
    for each in ids:
        client.delete(index=index, id=each, params={"ignore": 404})
    return len(ids)


def _write(
    client: OpenSearch,
    index: str,
    place: SinkPlace,
    epoch: int,
    next_offset: int | None,
    condition: dict[str, Any],
) -> tuple[int, int] | None:
    """Write the document on a condition; return its sequence, None if the condition does not hold."""
    body = {
        "group": place.group,
        "topic": place.topic,
        "partition": place.partition,
        "cluster_id": place.cluster_id,
        "epoch": epoch,
        "next_offset": next_offset,
        "owner": place.owner,
        "updated_at": datetime.now(UTC).isoformat(),
    }
    answer = client.index(index=index, id=_id(place), body=body, params={"ignore": (404, 409), **condition})
    return (answer["_seq_no"], answer["_primary_term"]) if "_seq_no" in answer else None


def _fenced(place: SinkPlace) -> FencedError:
    return FencedError(f"{place.name}: another process has opened the place in the target")


def _id(place: SinkPlace) -> str:
    key = f"{place.group}|{place.topic}|{place.partition}"
    return key if len(key.encode()) <= 512 else hashlib.sha256(key.encode()).hexdigest()
