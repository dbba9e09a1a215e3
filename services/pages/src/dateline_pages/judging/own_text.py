"""A page's own text, without navigation, dialogs, and teasers of other articles."""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from dateline_pages.judging.survey import PageSurvey, SurveyBlock
from dateline_pages.judging.wording.notices import width
from dateline_pages.judging.wording.vocabulary import Wall, words_in

__all__ = ["LINKED_SHARE", "OwnText", "is_prose", "own_text"]

PROSE_CHARACTERS = 40
"""A shorter stretch of text is a label or a heading, unless it ends as a sentence does."""

TEASER_CHARACTERS = 12
"""Links with fewer characters name a section or an author, not another article."""

LONG_RUN_CHARACTERS = 600
"""A longer run of paragraphs is no teaser, although a link stands before it."""

LINKED_SHARE = 0.6
"""A stretch of text with a larger share of links is a link."""


@dataclass(slots=True)
class OwnText:
    """The text of a page that is its own, without navigation, overlays, and teasers of other articles."""

    paragraphs: list[str] = field(default_factory=list)
    teasers: int = 0
    """Links to other articles, as far as their length tells."""
    headed: int = 0
    """Characters of the paragraphs that follow the page's first heading."""

    def beside(self, kind: Wall) -> int:
        """Return the characters of paragraphs that hold no words of a kind."""
        return sum(len(text) for text in self.paragraphs if not words_in(text, kind))


def own_text(survey: PageSurvey, *, moved_to: str | None = None) -> OwnText:
    """Return a page's own text.

    Args:
        survey: what stands on the page.
        moved_to: the address that an article's address was redirected to; a headline with a link is a teaser's.
    """
    found = OwnText()
    run: list[str] = []
    after_teaser = headed = False

    def close() -> None:
        if not after_teaser or sum(map(len, run)) >= LONG_RUN_CHARACTERS:
            found.paragraphs.extend(run)
            if headed and not found.headed:
                found.headed = sum(map(len, run))
        run.clear()

    for block in survey.blocks:
        if block.zone != "main":
            continue
        if block.tag == "h1" and not _leads_on(block, moved_to):
            # Some sites link the headline to the article itself.
            close()
            after_teaser, headed = False, True
        elif block.linked > LINKED_SHARE and width(block.text) >= TEASER_CHARACTERS:
            found.teasers += 1
            close()
            after_teaser = True
        elif block.tag:
            close()
            after_teaser = False
        elif is_prose(block):
            run.append(block.text)
    close()
    return found


def _leads_on(block: SurveyBlock, moved_to: str | None) -> bool:
    """Return whether a headline links to another page than the one that it stands on."""
    if moved_to is None or block.linked <= LINKED_SHARE or not block.href:
        return False
    try:
        return urlsplit(urljoin(moved_to, block.href)).path != urlsplit(moved_to).path
    except ValueError:
        return False


def is_prose(block: SurveyBlock) -> bool:
    """Return whether a block is a sentence rather than a label."""
    return block.linked <= LINKED_SHARE and (
        width(block.text) >= PROSE_CHARACTERS
        or (2 * width(block.text) >= PROSE_CHARACTERS and block.text.endswith((".", "!", "”", "»", "“", "。")))
    )
