"""The beginning of an article with its entities and dates marked, as the list shows it."""

from dataclasses import dataclass

from dateline_schemas import EnrichedArticle

from dateline_status.reading.marks import TextPart, marked, marks_in

__all__ = ["Excerpt", "excerpt_of"]

LENGTH = 400
"""A text is shown up to about this many characters, to the end of a word."""

LONGEST_TITLE = 300
"""A title is shown up to this many characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The title and the beginning of the text."""

    title: list[TextPart]
    text: list[TextPart]
    is_cut: bool

    @property
    def plain(self) -> str:
        """The beginning of the text without marks."""
        return "".join(part.text for part in self.text)


def excerpt_of(enriched: EnrichedArticle) -> Excerpt:
    """Return the title and the beginning of the text of an article."""
    body = enriched.article.body
    text = body if len(body) <= LENGTH else body[:LENGTH].rpartition(" ")[0] or body[:LENGTH]
    return Excerpt(
        title=marked(enriched.article.title[:LONGEST_TITLE], marks_in(enriched, "title")),
        text=marked(text, marks_in(enriched, "body")),
        is_cut=len(text) < len(body),
    )
