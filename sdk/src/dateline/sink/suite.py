"""The tests that hold a sink to its promise; a subclass with one fixture runs them over a sink of any package.

from dateline.sink.suite import SinkLab, SinkSuite

class TestMySink(SinkSuite):
    @pytest.fixture
    def lab(self, tmp_path):
        path = tmp_path / "articles.csv"
        return SinkLab(make=lambda: MySink(path), stored=lambda: read(path))

`make` returns a sink for the same target each time; the target is fresh in each test. `stored` returns what the target
holds, as pairs of an article's id and its title, every record that was written. A target that keeps the latest
revision alone returns one pair for each id. Both are called in tests that are not coroutines, so that no plugin for
asyncio is needed.
"""

# ruff: noqa: D102 - the name of each test states its behaviour

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateline_schemas import Article, EnrichedArticle, Source, content_hash

from dateline.errors import BatchError, FencedError, PermanentError, StageError
from dateline.sink.batch import SinkBatch, SinkRecord
from dateline.sink.kit import SinkKit, a_place, a_record
from dateline.sink.place import SinkPlace
from dateline.sink.sink import Sink

__all__ = ["SinkLab", "SinkSuite", "an_enriched"]

Stored = Sequence[tuple[str, str]]
"""Pairs of an article's id and its title."""

FIRST = datetime(2026, 5, 1, 6, tzinfo=UTC)
"""The time of the first revision."""


def an_enriched(id: str, title: str = "", *, minute: int = 0, revision: int = 1) -> EnrichedArticle:  # noqa: A002 - the field's name
    """Return an enriched article whose revision is of this minute; the title is the id unless it is given."""
    title, body = title or id, f"The text of {title or id}."
    article = Article(
        id=id,
        source=Source(kind="push", uri="suite"),
        title=title,
        body=body,
        fetched=FIRST,
        content_hash=content_hash(title, body),
    )
    return EnrichedArticle(article=article, revision=revision, revised_at=FIRST + timedelta(minutes=minute))


@dataclass(slots=True, kw_only=True)
class SinkLab:
    """A fresh target, and what its sink promises.

    Attributes:
        make: returns a sink for the target, a new one at each call.
        stored: returns what the target holds; may be a coroutine function.
        prepare: prepares the target, as `SinkKind.prepare` does; None if it needs nothing.
        replaces: the target keeps one row for each article, that of the latest `revised_at`. Otherwise it keeps every
            record.
        fences_at_open: no write of an earlier owner is taken once another has opened the place. Otherwise it is taken
            as long as the new owner has written nothing, and the new owner's write is refused.
        refused: an article that the target can never take; None if it takes everything.
    """

    make: Callable[[], Sink]
    stored: Callable[[], Stored | Awaitable[Stored]]
    prepare: Callable[[], Awaitable[None]] | None = None
    replaces: bool = True
    fences_at_open: bool = True
    refused: EnrichedArticle | None = None

    async def holds(self) -> list[tuple[str, str]]:
        """Return what the target holds, in the order of ids."""
        found = self.stored()
        return sorted(await found if isinstance(found, Awaitable) else found)

    async def ids(self) -> list[str]:
        """Return the ids of what the target holds."""
        return [each for each, _title in await self.holds()]


def batch(first: int, articles: Iterable[EnrichedArticle], next_offset: int | None = None) -> SinkBatch:
    """Return a batch whose records begin at `first`."""
    records = [SinkRecord(record=a_record(each, first + n), decoded=each) for n, each in enumerate(articles)]
    return SinkBatch(
        records=records,
        first_offset=first,
        next_offset=first + len(records) if next_offset is None else next_offset,
    )


def some(first: int, count: int) -> list[EnrichedArticle]:
    """Return articles whose ids are those of their offsets."""
    return [an_enriched(f"article-{first + n:04}") for n in range(count)]


def ids(first: int, count: int) -> list[str]:
    """Return the ids of `some`."""
    return [each.id for each in some(first, count)]


async def begun(lab: SinkLab, place: SinkPlace | None = None, at: int = 0) -> Sink:
    """Return an open sink whose target has the position `at` from now on."""
    sink = lab.make()
    assert await sink.open(place or a_place()) is None
    await sink.write(batch(at, []))
    return sink


async def reopened(lab: SinkLab, place: SinkPlace | None = None) -> tuple[Sink, int | None]:
    """Return another open sink, and the position that it found."""
    sink = lab.make()
    return sink, await sink.open(place or a_place())


class SinkSuite:
    """Tests of one sink; a subclass defines the fixture `lab`."""

    @pytest.fixture
    def lab(self) -> SinkLab:
        """Return a lab with a fresh target; subclasses define it."""
        raise NotImplementedError("define the fixture `lab`, which returns a SinkLab")

    def run(self, lab: SinkLab, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Prepare the target and run `work` in an event loop."""

        async def prepared() -> None:
            if lab.prepare is not None:
                await lab.prepare()
            await work()

        asyncio.run(prepared())

    def test_a_new_target_has_no_position_and_keeps_the_first_one_it_is_given(self, lab: SinkLab) -> None:
        async def work() -> None:
            await (await begun(lab, at=17)).close()
            sink, position = await reopened(lab)
            assert position == 17
            await sink.close()
            assert await lab.ids() == []

        self.run(lab, work)

    def test_records_and_position_are_written_together(self, lab: SinkLab) -> None:
        async def work() -> None:
            sink = await begun(lab)
            await sink.write(batch(0, some(0, 3)))
            await sink.write(batch(3, some(3, 2), next_offset=9))
            await sink.close()
            sink, position = await reopened(lab)
            assert (position, await lab.ids()) == (9, ids(0, 5))
            await sink.write(batch(9, some(9, 1)))
            await sink.close()
            assert await lab.ids() == ids(0, 5) + ids(9, 1)

        self.run(lab, work)

    def test_an_empty_batch_moves_the_position(self, lab: SinkLab) -> None:
        async def work() -> None:
            sink = await begun(lab)
            await sink.write(batch(0, some(0, 1)))
            await sink.write(batch(1, [], next_offset=40))
            await sink.write(batch(40, some(40, 1)))
            await sink.write(batch(41, [], next_offset=50))
            await sink.close()
            sink, position = await reopened(lab)
            await sink.close()
            assert (position, await lab.ids()) == (50, ids(0, 1) + ids(40, 1))

        self.run(lab, work)

    def test_a_sink_that_was_never_closed_is_taken_over(self, lab: SinkLab) -> None:
        async def work() -> None:
            killed = await begun(lab)
            await killed.write(batch(0, some(0, 2)))
            sink, position = await reopened(lab)
            assert position == 2
            await sink.write(batch(2, some(2, 2)))
            await sink.close()
            await killed.close()
            assert await lab.ids() == ids(0, 4)

        self.run(lab, work)

    def test_opening_again_and_again_changes_nothing(self, lab: SinkLab) -> None:
        async def work() -> None:
            sink = await begun(lab)
            await sink.write(batch(0, some(0, 2)))
            for _ in range(3):
                await sink.close()
                sink, position = await reopened(lab)
                assert position == 2
            await sink.write(batch(2, some(2, 1)))
            await sink.close()
            assert await lab.ids() == ids(0, 3)

        self.run(lab, work)

    def test_a_former_owner_is_fenced(self, lab: SinkLab) -> None:
        async def work() -> None:
            former = await begun(lab)
            owner, position = await reopened(lab, a_place(owner="kit-2"))
            assert position == 0
            await owner.write(batch(0, some(0, 3)))
            with pytest.raises(FencedError):
                await former.write(batch(0, some(0, 5)))
            await former.close()
            await owner.write(batch(3, some(3, 1)))
            await owner.close()
            assert await lab.ids() == ids(0, 4)

        self.run(lab, work)

    def test_a_former_owner_that_writes_first_does_not_write_twice(self, lab: SinkLab) -> None:
        async def work() -> None:
            former = await begun(lab)
            owner, position = await reopened(lab, a_place(owner="kit-2"))
            assert position == 0
            if lab.fences_at_open:
                with pytest.raises(FencedError):
                    await former.write(batch(0, some(0, 5)))
                assert await lab.ids() == []
                await owner.write(batch(0, some(0, 3)))
            else:
                await former.write(batch(0, some(0, 3)))
                with pytest.raises(FencedError):
                    await owner.write(batch(0, some(0, 5)))
                await owner.close()
                owner, position = await reopened(lab, a_place(owner="kit-2"))
                assert position == 3
            await former.close()
            await owner.close()
            assert await lab.ids() == ids(0, 3)

        self.run(lab, work)

    def test_a_former_owner_cannot_move_the_position(self, lab: SinkLab) -> None:
        async def work() -> None:
            former = await begun(lab)
            owner, _ = await reopened(lab, a_place(owner="kit-2"))
            await owner.write(batch(0, some(0, 2)))
            with pytest.raises(FencedError):
                await former.write(batch(0, [], next_offset=90))
            await former.close()
            await owner.close()
            owner, position = await reopened(lab)
            await owner.close()
            assert position == 2

        self.run(lab, work)

    def test_a_batch_that_does_not_begin_at_the_position_is_refused(self, lab: SinkLab) -> None:
        async def work() -> None:
            sink = await begun(lab)
            await sink.write(batch(0, some(0, 2)))
            other, position = await reopened(lab)
            assert position == 2
            with pytest.raises(FencedError):
                await other.write(batch(1, some(1, 3)))
            await other.close()
            await sink.close()
            other, position = await reopened(lab)
            await other.close()
            assert (position, await lab.ids()) == (2, ids(0, 2))

        self.run(lab, work)

    def test_two_owners_in_any_order_write_each_record_once(self, lab: SinkLab) -> None:
        async def work() -> None:
            chance, length = random.Random(17), 40
            await (await begun(lab)).close()
            owners: list[tuple[Sink, int] | None] = [None, None]
            for _ in range(400):
                number = chance.randrange(2)
                held = owners[number]
                if held is None or chance.random() < 0.15:
                    # Half of the time it was killed, and nothing was closed.
                    if held is not None and chance.random() < 0.5:
                        await held[0].close()
                    sink, position = await reopened(lab, a_place(owner=f"kit-{number}"))
                    assert position is not None
                    owners[number] = sink, position
                    continue
                sink, position = held
                count = min(chance.randrange(4), length - position)
                until = position + count
                if count == 0 and position < length:
                    continue
                try:
                    await sink.write(batch(position, some(position, count), next_offset=until))
                    owners[number] = sink, until
                except FencedError:
                    await sink.close()
                    owners[number] = None
                if until == length:
                    break
            for each in owners:
                if each is not None:
                    await each[0].close()
            sink, position = await reopened(lab)
            assert position is not None
            if position < length:
                await sink.write(batch(position, some(position, length - position)))
            await sink.close()
            assert Counter(await lab.ids()) == Counter(ids(0, length))

        self.run(lab, work)

    def test_a_refused_record_leaves_nothing_of_its_batch(self, lab: SinkLab) -> None:
        refused = lab.refused
        if refused is None:
            pytest.skip("the target takes every article")

        async def work() -> None:
            sink = await begun(lab)
            with pytest.raises(PermanentError) as caught:
                await sink.write(batch(0, [*some(0, 1), refused, *some(2, 1)]))
            if isinstance(caught.value, BatchError):
                assert set(caught.value.errors) == {1}
            await sink.close()
            sink, position = await reopened(lab)
            assert (position, await lab.ids()) == (0, [])
            await sink.write(batch(0, some(0, 1)))
            await sink.write(batch(1, [], next_offset=2))
            await sink.write(batch(2, some(2, 1)))
            await sink.close()
            assert await lab.ids() == ids(0, 1) + ids(2, 1)

        self.run(lab, work)

    def test_a_refused_record_becomes_a_dead_letter_and_the_others_are_written(self, lab: SinkLab) -> None:
        refused = lab.refused
        if refused is None:
            pytest.skip("the target takes every article")

        async def work() -> None:
            kit = SinkKit(lab.make)
            await kit.feed(*some(0, 2), refused, *some(3, 4))
            assert await lab.ids() == ids(0, 2) + ids(3, 4)
            assert [(value, about.offset) for value, about in kit.dead_letters] == [(refused.to_bytes(), 2)]
            assert kit.position == 7

        self.run(lab, work)

    def test_a_revision_that_comes_late_does_not_replace_a_later_one(self, lab: SinkLab) -> None:
        if not lab.replaces:
            pytest.skip("the target keeps every record")

        async def work() -> None:
            sink = await begun(lab)
            # The revision begins again at 1 for an article that enrich has forgotten.
            later = an_enriched("article", "later", minute=9, revision=1)
            await sink.write(batch(0, [an_enriched("article", "first", minute=1, revision=4)]))
            await sink.write(batch(1, [later]))
            await sink.write(batch(2, [an_enriched("article", "late", minute=5, revision=7)]))
            assert await lab.holds() == [("article", "later")]
            # In one batch, too, and in this order.
            await sink.write(
                batch(3, [an_enriched("other", "second", minute=3), an_enriched("other", "first", minute=2)])
            )
            await sink.close()
            assert await lab.holds() == [("article", "later"), ("other", "second")]

        self.run(lab, work)

    def test_a_record_that_comes_twice_changes_nothing(self, lab: SinkLab) -> None:
        if not lab.replaces:
            pytest.skip("the target keeps every record")

        async def work() -> None:
            sink = await begun(lab)
            await sink.write(batch(0, [*some(0, 1), *some(0, 1)]))
            await sink.write(batch(2, some(0, 1)))
            await sink.close()
            assert await lab.ids() == ids(0, 1)

        self.run(lab, work)

    def test_the_position_of_another_cluster_is_refused(self, lab: SinkLab) -> None:
        async def work() -> None:
            sink = await begun(lab)
            await sink.write(batch(0, some(0, 2)))
            await sink.close()
            other = lab.make()
            with pytest.raises(StageError, match="cluster-1"):
                await other.open(a_place(cluster_id="cluster-2"))
            await other.close()
            sink, position = await reopened(lab)
            assert position == 2
            await sink.write(batch(2, some(2, 1)))
            await sink.close()

        self.run(lab, work)

    def test_groups_topics_and_partitions_have_positions_of_their_own(self, lab: SinkLab) -> None:
        places = [
            a_place(),
            a_place(partition=1),
            a_place(partition=11),
            a_place(group="kit-1"),
            a_place(topic=a_place().topic + ".kit"),
        ]

        async def work() -> None:
            for number, place in enumerate(places):
                sink = await begun(lab, place, at=10 * number)
                await sink.write(batch(10 * number, some(10 * number, 1)))
                await sink.close()
            for number, place in enumerate(places):
                sink, position = await reopened(lab, place)
                await sink.close()
                assert position == 10 * number + 1, place.name

        self.run(lab, work)

    def test_records_that_are_not_kept_decoded_are_written_as_well(self, lab: SinkLab) -> None:
        async def work() -> None:
            sink = await begun(lab)
            kept = batch(0, some(0, 3))
            await sink.write(replace(kept, records=[SinkRecord(record=each.record) for each in kept.records]))
            await sink.close()
            assert await lab.ids() == ids(0, 3)

        self.run(lab, work)

    def test_closing_twice_or_unopened_never_fails(self, lab: SinkLab) -> None:
        async def work() -> None:
            unopened = lab.make()
            await unopened.close()
            sink = await begun(lab)
            await sink.close()
            await sink.close()

        self.run(lab, work)
