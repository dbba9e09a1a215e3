"""Finds the topics of an article by keywords."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Self

from dateline.settings import load
from dateline_enrich.enricher import Annotations
from dateline_schemas import Article

from dateline_keywords.settings import KeywordSettings
from dateline_keywords.topics import ArticleTopic, ArticleTopics

__all__ = ["Keywords"]


class Keywords:
    """Adds the topics whose keywords occur in title and body; plural forms with `s` count.

    Args:
        topics: the keywords of each topic.
        min_keywords: minimum number of occurrences that make a topic.
    """

    name = "keywords"
    model = ArticleTopics

    def __init__(self, topics: Mapping[str, Sequence[str]], min_keywords: int = 2) -> None:
        self._topics = {word.casefold(): topic for topic, words in topics.items() for word in words}
        self._min_keywords = min_keywords
        # The longest first: of "cup" and "cup final", the second is meant where both fit.
        words = "|".join(re.escape(word) for word in sorted(self._topics, key=len, reverse=True))
        self._pattern = re.compile(rf"\b({words})s?\b") if words else None
        # Other keywords annotate differently, so they are part of the version.
        told = repr((sorted(self._topics.items()), min_keywords))
        self.version = f"keywords-1-{sha256(told.encode()).hexdigest()[:8]}"

    @classmethod
    def from_settings(cls) -> Self:
        """Make the enricher as the settings say."""
        (settings,) = load(KeywordSettings)
        return cls(settings.topics, settings.min_keywords)

    def enrich(self, article: Article) -> Annotations:
        """Return the topics of the article; nothing if there are none."""
        text = f"{article.title}\n{article.body}".casefold()
        found = Counter(match[1] for match in self._pattern.finditer(text)) if self._pattern else Counter[str]()
        counts = Counter[str]()
        for word, count in found.items():
            counts[self._topics[word]] += count
        topics = [
            ArticleTopic(
                name=topic,
                share=round(count / found.total(), 3),
                keywords={word: number for word, number in sorted(found.items()) if self._topics[word] == topic},
            )
            for topic, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            if count >= self._min_keywords
        ]
        return Annotations(extra=ArticleTopics(topics=topics) if topics else None)
