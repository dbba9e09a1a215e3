"""Decides for a feed which of its articles need their page, and says why in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from dateline_schemas import Feed, FeedPages, FeedTexts

__all__ = ["PageChoice", "page_choice"]

Wanted = Literal["none", "cut", "lacking", "all"]
"""The items whose page is wanted: none, those that end like a cut text, also those that are too short, or all."""


class _Item(Protocol):
    @property
    def lack(self) -> Literal["cut", "short"] | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChoice:
    """The items of a feed whose page is wanted, and the reason in words."""

    wanted: Wanted
    reason: str

    def wants(self, item: _Item) -> bool:
        """Return whether the page of an item is wanted."""
        match self.wanted:
            case "none":
                return False
            case "cut":
                return item.lack == "cut"
            case "lacking":
                return item.lack is not None
            case "all":
                return True

    def __str__(self) -> str:
        what = {
            "none": "publishes what the feed carries",
            "cut": "publishes what the feed carries, but reads the page of an item that was cut",
            "lacking": "reads the pages of the items that lack text",
            "all": "reads the articles' pages",
        }[self.wanted]
        return f"{what}: {self.reason}"


def page_choice(feed: Feed, texts: FeedTexts | None, pages: Sequence[FeedPages] = ()) -> PageChoice:
    """Return which items of a feed need their page.

    Args:
        feed: the feed; its `full_text` says who decides.
        texts: what its recent texts look like; None if it was not read yet.
        pages: what past pages gave, for the words of the reason.
    """
    if feed.full_text is None:
        return PageChoice(wanted="none", reason="it was added before pages could be read (never)")
    if feed.full_text == "never":
        return PageChoice(wanted="none", reason="as was set (never)")
    if feed.full_text == "always":
        return PageChoice(wanted="all", reason="as was set (always)")
    if texts is None:
        return PageChoice(wanted="lacking", reason="each item is judged by itself until the feed was read")
    choice = _by_texts(texts)
    if texts.pages_give_nothing:
        return replace(choice, wanted="none", reason=f"{_given(pages)}; {choice.reason}")
    return choice


def _by_texts(texts: FeedTexts) -> PageChoice:
    found = f"{texts.items:.0f} item{'' if round(texts.items) == 1 else 's'}"
    parts = []
    if texts.cut >= 0.5:
        parts.append(f"{texts.cut:.0f} of {found} end like a cut text (…, “read more”)")
    if texts.short >= 0.5:
        parts.append(f"{texts.short:.0f} of {found} are too short for a whole article")
    lacking = " and ".join(parts) or f"none of {found} is cut or short"
    match texts.verdict:
        case "whole":
            return PageChoice(wanted="cut", reason=f"its texts look whole; {lacking}")
        case "cut":
            return PageChoice(wanted="all", reason=lacking)
        case "mixed":
            return PageChoice(wanted="lacking", reason=f"its texts differ; {lacking}")


def _given(pages: Sequence[FeedPages]) -> str:
    read, more, wanted = (sum(getattr(each, name) for each in pages) for name in ("read", "more", "pages"))
    if not wanted:
        return "past pages gave nothing more"
    if not read:
        return f"none of {wanted} past pages could be read"
    return f"{more} of {read} past pages held more text"
