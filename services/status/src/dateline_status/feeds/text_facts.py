"""Says whether the pages of a feed's articles are read, why, and what they gave."""

from collections.abc import Iterator, Sequence

from dateline_schemas import Feed, FeedPages, FeedTexts

from dateline_status.feeds.models import FeedFact
from dateline_status.feeds.redaction import line

__all__ = ["text_facts"]

MOST_SITES = 5
"""At most this many sites are named."""

NONE = "publishes what the feed carries"
CUT = "publishes what the feed carries, but reads the page of an item that was cut"
LACKING = "reads the pages of the items that lack text"
ALL = "reads the articles' pages"


def text_facts(feed: Feed, texts: FeedTexts | None, pages: Sequence[FeedPages]) -> Iterator[FeedFact]:
    """Yield what is done and why, then what the pages of each site gave.

    Args:
        feed: the feed; its `full_text` says who decides.
        texts: what its recent texts look like; None if it was not read yet.
        pages: what past pages gave, the sites with most pages first.
    """
    yield FeedFact(name="full text", text=_choice(feed, texts, pages))
    for each in pages[:MOST_SITES]:
        failure = f"; the last one gave none: {line(each.reason)}" if each.reason else ""
        yield FeedFact(
            name=f"pages of {line(each.site)}",
            text=f"{each.more} of {each.pages} held more text than the feed, {each.pages - each.read} gave no text"
            f"{failure}; the last one at",
            at=each.at,
        )
    if len(pages) > MOST_SITES:
        yield FeedFact(name="more sites", text=f"{len(pages) - MOST_SITES}")


def _choice(feed: Feed, texts: FeedTexts | None, pages: Sequence[FeedPages]) -> str:
    if feed.full_text is None:
        return f"{NONE}: it was added before pages could be read (never)"
    if feed.full_text == "never":
        return f"{NONE}: as was set (never)"
    if feed.full_text == "always":
        return f"{ALL}: as was set (always)"
    if texts is None:
        return f"{LACKING}: each item is judged by itself until the feed was read"
    what, reason = _by_texts(texts)
    return f"{NONE}: {_given(pages)}; {reason}" if texts.pages_give_nothing else f"{what}: {reason}"


def _by_texts(texts: FeedTexts) -> tuple[str, str]:
    found = f"{texts.items:.0f} item{'' if round(texts.items) == 1 else 's'}"
    parts = []
    if texts.cut >= 0.5:
        parts.append(f"{texts.cut:.0f} of {found} end like a cut text (…, “read more”)")
    if texts.short >= 0.5:
        parts.append(f"{texts.short:.0f} of {found} are too short for a whole article")
    lacking = " and ".join(parts) or f"none of {found} is cut or short"
    match texts.verdict:
        case "whole":
            return CUT, f"its texts look whole; {lacking}"
        case "cut":
            return ALL, lacking
        case "mixed":
            return LACKING, f"its texts differ; {lacking}"


def _given(pages: Sequence[FeedPages]) -> str:
    read, more, wanted = (sum(getattr(each, name) for each in pages) for name in ("read", "more", "pages"))
    if not wanted:
        return "past pages gave nothing more"
    if not read:
        return f"none of {wanted} past pages could be read"
    return f"{more} of {read} past pages held more text"
