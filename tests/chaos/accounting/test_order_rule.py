"""The rule that says which contents of an article come out agrees with that of enrich, which was written first."""

from datetime import UTC, datetime, timedelta

from chaos.accounting.order_rule import published_contents
from dateline_enrich.precedence import decide
from dateline_schemas import Article, Seen, Source, content_hash
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2024, 6, 27, tzinfo=UTC)


def article(body: str, origin: str, seconds: int) -> Article:
    return Article(
        id="a",
        source=Source(kind="feed", uri="x"),
        title="",
        body=body,
        fetched=NOW,
        observed=NOW + timedelta(seconds=seconds),
        text_from=origin,
        content_hash=content_hash("", body),
    )


@given(st.lists(st.builds(article, st.sampled_from("abc"), st.sampled_from(["feed", "page"]), st.integers(0, 5))))
def test_the_checker_and_enrich_publish_the_same_contents(arrivals: list[Article]) -> None:
    seen: Seen | None = None
    published = []
    for each in arrivals:
        decision = decide(seen, each, NOW + timedelta(seconds=10))
        seen = decision.seen or seen
        if decision.publish:
            published.append(each)
    assert published_contents(arrivals) == published
