"""Which of several contents of one article is published."""

from datetime import timedelta

import pytest
from dateline_enrich.precedence import RevisionDecision, decide
from dateline_schemas import Article, Seen, Via
from support.articles import an_article
from support.observations import NOW, Arrivals, at, content, feed, gone, page, push


def outcome(*articles: Article) -> list[Article]:
    return Arrivals().arrive(*articles).published


def test_newer_content_of_one_rank_is_published_and_older_is_not() -> None:
    assert outcome(feed(1), feed(2)) == [feed(1), feed(2)]
    assert outcome(feed(2), feed(1)) == [feed(2)]
    assert outcome(page(2), page(1)) == [page(2)]


def test_text_of_a_page_is_above_that_of_a_feed_in_either_order() -> None:
    assert outcome(page(1), feed(2)) == [page(1)]
    assert outcome(feed(2), page(1)) == [feed(2), page(1)]


def test_contents_of_one_rank_and_one_time_are_taken_in_the_order_of_their_arrival() -> None:
    assert outcome(feed(1, "One."), feed(1, "Two.")) == [feed(1, "One."), feed(1, "Two.")]


def test_same_content_that_is_newer_raises_what_is_known() -> None:
    known = Arrivals().arrive(feed(1, "One."), feed(5, "One."))

    assert (known.revisions, known.published) == ([1], [feed(1, "One.")])
    assert known.arrive(feed(3, "Late.")).revisions == [1]


def test_same_content_of_the_page_keeps_later_teasers_out() -> None:
    known = Arrivals().arrive(feed(1, "Whole."), page(2, "Whole."), feed(3, "Teaser ..."))

    assert known.published == [feed(1, "Whole.")]
    assert known.reasons[1:] == ["same content, newer or of the page", "the text of the page is known"]


def test_time_of_publication_does_not_change_with_a_repetition() -> None:
    known = Arrivals().arrive(feed(1, "One."))
    known.now += timedelta(days=1)
    known.arrive(feed(5, "One."))

    assert known.seen is not None
    assert (known.seen.seen_at, known.seen.observed) == (NOW, at(5))


def test_repetition_without_news_changes_nothing() -> None:
    seen = Arrivals().arrive(feed(1, "One.")).seen

    assert decide(seen, feed(1, "One."), NOW).seen is None
    assert decide(seen, feed(0, "One."), NOW).seen is None
    assert decide(seen, push("One.", fetched=9), NOW).seen is None


def test_pushes_are_taken_in_the_order_of_their_arrival_whatever_their_clocks_say() -> None:
    texts = [push("One.", fetched=5), push("Two.", fetched=1), push("One.", fetched=3)]

    assert Arrivals().arrive(*texts).revisions == [1, 2, 3]


def test_a_push_replaces_the_text_of_a_page_and_a_teaser_does_not_replace_the_push() -> None:
    known = Arrivals().arrive(page(1), push("Corrected.", fetched=2), feed(3))

    assert known.published == [page(1), push("Corrected.", fetched=2)]
    assert known.arrive(page(4)).published[-1] == page(4)


def test_a_push_from_a_clock_that_is_behind_counts_as_the_latest() -> None:
    assert outcome(feed(5), push("Pushed.", fetched=1), feed(3)) == [feed(5), push("Pushed.", fetched=1)]


def test_a_file_with_the_text_of_a_feed_does_not_replace_that_of_a_page() -> None:
    teaser = content(None, "Teaser ...", fetched=9)

    assert outcome(page(1), teaser) == [page(1)]
    assert outcome(feed(1), teaser) == [feed(1), teaser]


def test_a_clock_that_is_ahead_keeps_nobody_out_beyond_the_present() -> None:
    known = Arrivals(now=at(2)).arrive(feed(20, "From the future."))
    known.now = at(4)

    assert known.arrive(feed(3)).revisions == [1, 2]


def test_a_replica_whose_clock_is_behind_drops_nothing_new_and_forgets_nothing() -> None:
    known = Arrivals().arrive(feed(3))
    known.now = at(1)
    known.arrive(feed(4))
    assert known.revisions == [1, 2]
    assert known.seen is not None
    assert known.seen.observed == at(3)

    retracted = Arrivals(seen=known.seen, now=at(1)).arrive(gone(5), feed(2))
    assert retracted.published == [gone(5)]


class TestRecordsOfEarlierVersions:
    """Records that state neither the time of observation nor the origin of the text."""

    old = Seen(content_hash="ab" * 32, revision=4, seen_at=at(5))

    @pytest.mark.parametrize("article", [feed(1), page(1), push("New."), content(1, text_from=None)])
    def test_other_content_is_the_next_revision(self, article: Article) -> None:
        assert Arrivals(seen=self.old).arrive(article).revisions == [5]

    def test_same_content_is_dropped_and_its_time_is_remembered(self) -> None:
        same = feed(1).model_copy(update={"content_hash": self.old.content_hash})
        known = Arrivals(seen=self.old).arrive(same)

        assert known.revisions == []
        assert known.seen == self.old.model_copy(update={"observed": at(1), "text_from": "feed"})

    def test_old_articles_are_taken_in_the_order_of_their_arrival(self) -> None:
        assert Arrivals().arrive(*(push(text) for text in ("One.", "One.", "Two.", "One."))).revisions == [1, 2, 3]

    def test_backfill_from_before_its_publication_is_dropped(self) -> None:
        assert Arrivals(seen=self.old).arrive(page(4, via="warc")).revisions == []
        assert Arrivals(seen=self.old).arrive(page(6, via="warc")).revisions == [5]

    def test_retraction_is_published(self) -> None:
        assert Arrivals(seen=self.old).arrive(gone(1)).revisions == [5]


class TestRetractions:
    """Articles that their publishers withdrew."""

    def test_it_is_the_next_revision(self) -> None:
        assert Arrivals().arrive(page(1), gone(2)).revisions == [1, 2]

    def test_of_an_unknown_article_it_is_dropped_without_a_trace(self) -> None:
        assert decide(None, gone(2), NOW) == RevisionDecision(publish=False, reason="retraction of an unknown article")

    def test_a_second_one_is_dropped(self) -> None:
        assert Arrivals().arrive(page(1), gone(2), gone(2), gone(3), gone(1)).revisions == [1, 2]

    def test_a_second_one_counts_from_its_own_time(self) -> None:
        assert outcome(page(1), gone(2), gone(5), page(4)) == [page(1), gone(2)]

    def test_one_that_is_older_than_the_content_is_dropped(self) -> None:
        assert outcome(page(3), gone(2)) == [page(3)]

    def test_one_that_is_older_than_a_dropped_teaser_is_dropped(self) -> None:
        assert outcome(page(1), feed(3), gone(2)) == [page(1)]

    def test_it_wins_over_content_of_the_same_time_in_either_order(self) -> None:
        assert outcome(page(2), gone(2))[-1] == gone(2)
        assert outcome(page(1), gone(2), page(2))[-1] == gone(2)

    @pytest.mark.parametrize("later", [feed(3), page(3), push("Back.", fetched=3)])
    def test_later_content_is_published_again(self, later: Article) -> None:
        assert outcome(page(1), gone(2), later) == [page(1), gone(2), later]

    def test_the_same_content_is_published_again_if_it_is_later(self) -> None:
        assert Arrivals().arrive(feed(1, "One."), gone(2), feed(3, "One.")).revisions == [1, 2, 3]

    @pytest.mark.parametrize("earlier", [feed(1), page(1), push("Replayed.", fetched=1), page(1, via="warc")])
    def test_earlier_content_is_dropped_also_when_the_article_has_returned(self, earlier: Article) -> None:
        assert outcome(page(0), gone(2), earlier) == [page(0), gone(2)]
        assert outcome(page(0), gone(2), feed(3), earlier) == [page(0), gone(2), feed(3)]

    def test_empty_content_is_no_retraction(self) -> None:
        empty = an_article("", "").model_copy(update={"id": an_article().id, "observed": at(1)})

        assert Arrivals().arrive(empty, gone(2)).revisions == [1, 2]


class TestBackfill:
    """Old copies of articles."""

    @pytest.mark.parametrize("via", ["warc", "archive"])
    def test_one_of_an_article_that_is_known_from_a_later_time_is_dropped_whatever_its_rank(self, via: Via) -> None:
        assert outcome(feed(3), page(1, via=via)) == [feed(3)]
        assert outcome(page(1), feed(4), page(3, via=via)) == [page(1)]

    def test_one_of_an_unknown_article_is_published(self) -> None:
        assert outcome(page(1, via="warc"), page(3)) == [page(1, via="warc"), page(3)]

    def test_one_that_is_newer_is_published(self) -> None:
        assert outcome(page(1), page(3, via="warc")) == [page(1), page(3, via="warc")]

    def test_pages_of_a_sitemap_are_fresh(self) -> None:
        assert outcome(feed(3), page(2, via="sitemap")) == [feed(3), page(2, via="sitemap")]


def test_time_of_a_revision_grows_whatever_the_clock_says() -> None:
    known = Arrivals().arrive(feed(1, "One."))
    assert known.seen is not None
    first = known.seen.revised_at
    known.now -= timedelta(hours=1)
    known.arrive(feed(2, "Two."))

    assert first is not None and known.seen.revised_at == first + timedelta(milliseconds=1)  # noqa: PT018
    known.arrive(feed(3, "Two."))
    assert known.seen.revised_at == first + timedelta(milliseconds=1)


def test_time_of_a_revision_is_later_than_that_of_an_entry_of_an_earlier_version() -> None:
    later = at(0) + timedelta(days=400, microseconds=7_900)
    old = Seen(content_hash="ab" * 32, revision=4, seen_at=later)

    seen = decide(old, feed(9, "New."), NOW).seen

    assert seen is not None
    assert seen.revised_at == at(0) + timedelta(days=400, milliseconds=8)
