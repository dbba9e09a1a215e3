from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from dateline_pages.metadata.merging import merged_article
from dateline_pages.metadata.page_metadata import PageMetadata
from dateline_schemas import Article, Media, content_hash
from hypothesis import given
from hypothesis import strategies as st
from support.articles import an_article

URL = "https://news.example/ferry"
AT = datetime(2024, 6, 28, 12, tzinfo=UTC)
TEXT = "The ferry sails again on Monday.\nIt had been repaired for three weeks, said the company on Friday evening."


@dataclass(frozen=True)
class Reading:
    body: str = TEXT
    metadata: PageMetadata = field(default_factory=PageMetadata)


def merged(article: Article | None = None, *, body: str = TEXT, url: str = URL, **stated: object) -> Article:
    metadata = replace(PageMetadata(), **stated)  # type: ignore[arg-type]
    return merged_article(article or an_article(url=URL), Reading(body, metadata), url=url, observed=AT)


def feed_article(**fields: object) -> Article:
    return an_article(url=URL).model_copy(update=fields)


def test_the_article_has_the_text_of_its_page() -> None:
    feed = an_article(url=URL)
    found = merged(feed)
    assert (found.id, found.source, found.url) == (feed.id, feed.source, feed.url)
    assert (found.body, found.text_from, found.text_reason) == (TEXT, "page", None)
    assert found.content_hash == content_hash(found.title, TEXT)
    assert found.fetched == found.observed == AT


def test_the_teaser_of_the_feed_becomes_the_summary() -> None:
    assert merged().summary == "The ferry sails again on Monday."
    assert merged(feed_article(summary="Stated.")).summary == "Stated."


def test_a_text_of_the_page_that_is_poorer_leaves_the_feed_s_text() -> None:
    long = "\n".join(f"Paragraph {number} of the text that the feed carries in full." for number in range(20))
    found = merged(
        feed_article(body=long), body="Please subscribe to read this.", canonical_url="https://news.example/a"
    )
    assert (found.body, found.text_from) == (long, "feed")
    assert found.text_reason == "the page has less of the text than the feed"
    assert found.canonical_url == "https://news.example/a"


def test_a_shorter_text_that_contains_most_of_the_feed_s_is_taken() -> None:
    lines = [f"Paragraph {number} of the text that the feed carries in full." for number in range(20)]
    feed = feed_article(body="\n".join(lines) + "\n" + "xxxxxxxxx" * 60)
    assert merged(feed, body="\n".join(lines)).text_from == "page"


@pytest.mark.parametrize(
    ("feed", "page", "expected"),
    [
        ("Ferry service resumes", "Ferry is back", "Ferry service resumes"),
        ("", "Ferry is back", "Ferry is back"),
        ("Ferry service resumes on…", "Ferry service resumes on Monday", "Ferry service resumes on Monday"),
        ("Ferry service resumes...", "Storm over London", "Ferry service resumes..."),
        ("FERRY SERVICE RESUMES", "Ferry service resumes", "Ferry service resumes"),
        ("Ferry service resumes - Daily Planet", "Ferry service resumes", "Ferry service resumes"),
        ("Ferry service resumes", None, "Ferry service resumes"),
    ],
)
def test_the_feed_s_title_counts_unless_it_is_empty_cut_shouted_or_framed(feed: str, page: str, expected: str) -> None:
    assert merged(feed_article(title=feed), title=page, site_name="Daily Planet").title == expected


DAY = datetime(2024, 6, 27, tzinfo=UTC)
NINE = datetime(2024, 6, 27, 9, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("feed", "page", "expected"),
    [
        ((None, None), (NINE, "second"), (NINE, "second")),
        ((DAY, "day"), (NINE, "second"), (NINE, "second")),
        ((NINE, "second"), (DAY, "day"), (NINE, "second")),
        ((NINE, "second"), (NINE - timedelta(hours=3), "second"), (NINE - timedelta(hours=3), "second")),
        ((NINE, "second"), (NINE + timedelta(hours=3), "second"), (NINE, "second")),
        ((NINE, "second"), (NINE - timedelta(days=9), "minute"), (NINE - timedelta(days=9), "minute")),
        ((NINE, "second"), (NINE + timedelta(days=9), "second"), (NINE, "second")),
        ((NINE, "second"), (DAY - timedelta(days=9), "day"), (NINE, "second")),
        ((NINE, "second"), (None, None), (NINE, "second")),
    ],
)
def test_the_earlier_time_counts_and_within_a_day_the_more_precise(
    feed: tuple[object, object], page: tuple[object, object], expected: tuple[object, object]
) -> None:
    article = feed_article(published=feed[0], published_precision=feed[1])
    found = merged(article, published=page[0], published_precision=page[1])
    assert (found.published, found.published_precision) == expected


def test_the_time_of_the_page_is_written_in_utc() -> None:
    local = datetime.fromisoformat("2024-06-27T11:30:15+02:00")
    found = merged(
        feed_article(published=None, published_precision=None), published=local, published_precision="second"
    )
    assert found.published is not None
    assert found.published.isoformat() == "2024-06-27T09:30:15+00:00"


def test_the_later_change_counts_and_none_before_the_publication() -> None:
    feed = feed_article(updated=NINE)
    later = NINE + timedelta(hours=1)
    assert merged(feed, updated=later, updated_precision="second").updated == later
    assert merged(feed, updated=NINE - timedelta(hours=1), updated_precision="second").updated == NINE
    assert merged(updated=DAY - timedelta(days=3), updated_precision="second").updated is None


@pytest.mark.parametrize(
    ("feed", "page", "expected"),
    [
        (["Jane Doe"], ("John Roe",), ["Jane Doe"]),
        ([], ("John Roe",), ["John Roe"]),
        (["Reuters"], ("John Roe",), ["John Roe"]),
        (["admin"], ("John Roe",), ["John Roe"]),
        (["Reuters"], ("Associated Press",), ["Reuters"]),
        ([], ("Associated Press",), ["Associated Press"]),
        (["Reuters"], (), ["Reuters"]),
    ],
)
def test_the_feed_s_authors_count_if_people_are_among_them(
    feed: list[str], page: tuple[str], expected: list[str]
) -> None:
    assert merged(feed_article(authors=feed), authors=page).authors == expected


def test_categories_are_the_feed_s_and_then_the_page_s_new_ones() -> None:
    found = merged(feed_article(categories=["Travel"]), section="travel", tags=("Ferries", "Sea"))
    assert found.categories == ["Travel", "Ferries", "Sea"]


def test_the_page_s_picture_is_added_once() -> None:
    picture = Media(url="https://news.example/a.jpg", type="image/jpeg")
    assert merged(image="https://news.example/a.jpg").media == [Media(url="https://news.example/a.jpg", type="image")]
    assert merged(feed_article(media=[picture]), image="https://news.example/a.jpg").media == [picture]


def test_the_feed_s_language_counts() -> None:
    assert merged(feed_article(language="en"), language="de").language == "en"
    assert merged(language="de").language == "de"
    assert merged(language="not a tag").language is None


def test_the_canonical_address_is_the_page_s_or_that_of_a_redirect() -> None:
    assert merged(canonical_url="https://news.example/a").canonical_url == "https://news.example/a"
    assert merged(url="https://news.example/moved").canonical_url == "https://news.example/moved"
    assert merged(url=URL + "?utm_source=feed").canonical_url is None


def test_the_article_says_whether_it_is_paywalled() -> None:
    assert merged(paywalled=True).paywalled is True
    assert merged().paywalled is None


ANY = st.text(max_size=50)
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))
ZONED = st.sampled_from(["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00", "2024-06-27T23:30:00+02:00"])


@st.composite
def pages(draw: st.DrawFn) -> PageMetadata:
    published = draw(TIMES | ZONED.map(datetime.fromisoformat))
    return PageMetadata(
        title=draw(st.none() | ANY | st.just("x" * 5_000)),
        authors=tuple(draw(st.lists(ANY | st.just("y" * 900), max_size=3))),
        published=published,
        published_precision=None if published is None else draw(st.sampled_from(["day", "minute", "second"])),
        updated=draw(TIMES | ZONED.map(datetime.fromisoformat)),
        updated_precision="second",
        language=draw(st.none() | ANY),
        canonical_url=draw(st.none() | ANY),
        image=draw(st.none() | ANY | st.just("https://news.example/a.jpg")),
        section=draw(st.none() | ANY),
        tags=tuple(draw(st.lists(ANY, max_size=3))),
        site_name=draw(st.none() | ANY),
        description=draw(st.none() | ANY),
        paywalled=draw(st.none() | st.booleans()),
    )


@given(
    st.builds(
        feed_article, title=ANY, body=ANY, authors=st.lists(ANY, max_size=2), categories=st.lists(ANY, max_size=2)
    ),
    pages(),
    st.text(min_size=1, max_size=200),
)
def test_the_result_is_a_valid_article_and_merging_again_changes_nothing(
    article: Article, page: PageMetadata, body: str
) -> None:
    once = merged_article(article, Reading(body, page), url=URL, observed=AT)
    assert Article.model_validate(once.model_dump()) == once
    assert (once.id, once.source, once.url) == (article.id, article.source, article.url)
    assert once.content_hash == content_hash(once.title, once.body)
    assert len(once.title) <= 1_000
    assert once.updated is None or once.published is None or once.updated >= once.published
    assert merged_article(once, Reading(body, page), url=URL, observed=AT) == once
