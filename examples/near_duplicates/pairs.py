"""The second consumer: compares the articles of a band, and writes each pair that is alike once."""

from datetime import timedelta

from dateline import Context, Event, consumer
from dateline_schemas import Contract, Timestamp, Topic

from examples.near_duplicates.bands import ARTICLE_BANDS, BandEntry
from examples.near_duplicates.signature import band_keys, similarity

__all__ = ["BandMembers", "NearDuplicates", "pairs"]

LIFETIME = timedelta(days=3)
"""Articles are compared with those of this time before them; the state keeps no more."""

MAX_MEMBERS = 50
"""A band remembers the last articles, at most this many: text that all articles of a site share fills some bands."""

ALIKE = 0.7
"""Similarity from which two articles are nearly the same."""


class Member(Contract):
    """An article that a band remembers."""

    entry: BandEntry
    seen: Timestamp


class BandMembers(Contract):
    """The articles of one band, the latest last."""

    members: list[Member]


class NearDuplicates(Contract):
    """Two articles whose texts are nearly the same."""

    earlier: str
    later: str
    titles: tuple[str, str]
    similarity: float


MEMBERS = Topic(
    name="near-duplicates.members",
    partitions=ARTICLE_BANDS.partitions,
    # `delete` gives the entries of the state a lifetime, which is the retention.
    cleanup="compact,delete",
    retention=LIFETIME,
    max_message_bytes=1024 * 1024,
    key="number and hash of a band",
    model=BandMembers,
    event=".band-members",
    version=1,
    producers=("near-duplicates",),
    consumers=("near-duplicates",),
    description="Changelog of the articles of each band.",
)


@consumer(topic=ARTICLE_BANDS, group="near-duplicates", output="near-duplicates", state=MEMBERS)
def pairs(entry: BandEntry, context: Context[BandMembers]) -> list[Event[NearDuplicates]]:
    """Return the pairs of this article with those that its band remembers; a new revision replaces the old one."""
    known = context.state.get(context.key)
    since = context.now - LIFETIME
    others = [each for each in (known.members if known else []) if each.entry.id != entry.id and each.seen > since]
    latest = [*others, Member(entry=entry, seen=context.now)][-MAX_MEMBERS:]
    context.state.put(context.key, BandMembers(members=latest))
    return [
        Event(value=pair, key=f"{pair.earlier}/{pair.later}")
        for other in others
        if (pair := _compared(other.entry, entry, context.key.decode())) is not None
    ]


def _compared(earlier: BandEntry, later: BandEntry, band: str) -> NearDuplicates | None:
    alike = similarity(earlier.signature, later.signature)
    common = [a for a, b in zip(band_keys(earlier.signature), band_keys(later.signature), strict=True) if a == b]
    # A pair meets in every band that it has in common: the first of them writes it.
    if alike < ALIKE or common[0] != band:
        return None
    return NearDuplicates(
        earlier=earlier.id, later=later.id, titles=(earlier.title, later.title), similarity=round(alike, 3)
    )
