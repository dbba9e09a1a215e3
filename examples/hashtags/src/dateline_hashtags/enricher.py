"""Finds the hashtags of an article."""

import re
from collections.abc import Iterator
from typing import Self

from dateline.settings import load
from dateline_enrich.enricher import Annotations
from dateline_schemas import Article, Entity, Mention, TextField

from dateline_hashtags.settings import HashtagSettings

__all__ = ["Hashtags"]


class Hashtags:
    """Adds each hashtag of title and body as an entity of the type `other`."""

    name = "hashtags"
    version = "hashtags-1"

    def __init__(self, min_length: int = 2) -> None:
        self._pattern = re.compile(rf"(?<!\w)#\w{{{min_length},}}")

    @classmethod
    def from_settings(cls) -> Self:
        """Make the enricher as the settings say."""
        (settings,) = load(HashtagSettings)
        return cls(settings.min_length)

    def names(self, text: str) -> list[str]:
        """Return the hashtags of a text, each once."""
        return list(dict.fromkeys(found[0] for found in self._pattern.finditer(text)))

    def enrich(self, article: Article) -> Annotations:
        """Return the hashtags in the order of their first mention."""
        mentions: dict[str, list[Mention]] = {}
        for mention in (*self._mentions("title", article.title), *self._mentions("body", article.body)):
            mentions.setdefault(mention.text.casefold(), []).append(mention)
        entities = [
            Entity(id=f"hashtag:{tag[1:]}", type="other", name=same[0].text, mentions=same)
            for tag, same in mentions.items()
        ]
        return Annotations(entities=entities)

    def _mentions(self, field: TextField, text: str) -> Iterator[Mention]:
        for found in self._pattern.finditer(text):
            yield Mention(field=field, start=found.start(), end=found.end(), text=found[0])
