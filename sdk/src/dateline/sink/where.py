"""Conditions on articles, such as `language=ka`: a sink writes only the articles that meet all of them."""

from dataclasses import dataclass

from dateline_schemas import EnrichedArticle

from dateline.errors import DatelineError

__all__ = ["Condition", "Where"]

FIELDS = ("language", "feed", "entity")
"""What a condition can ask for."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what it asks for, and the value.

    `language` is a tag that the article's language equals or refines: `en` includes `en-GB`. `feed` is the address or
    the name of the source. `entity` is the name of an entity, its id, or one of its links as `scheme:id`.
    """

    field: str
    value: str

    @classmethod
    def parse(cls, text: str) -> "Condition":
        """Return the condition that `text` states.

        Raises:
            DatelineError: it is not of the form `FIELD=VALUE`, or there is no such field.
        """
        field, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not value:
            raise DatelineError(f"{text!r} is not a condition; write it as {FIELDS[0]}=VALUE")
        if field not in FIELDS:
            raise DatelineError(f"{text!r}: a condition is one of {', '.join(f'{each}=VALUE' for each in FIELDS)}")
        return cls(field, value)

    def is_met(self, enriched: EnrichedArticle) -> bool:
        """Return whether the article meets the condition."""
        wanted = self.value.casefold()
        if self.field == "language":
            language = (enriched.language or enriched.article.language or "").casefold()
            return language == wanted or language.startswith(f"{wanted}-")
        if self.field == "feed":
            source = enriched.article.source
            return source.uri == self.value or (source.name or "").casefold() == wanted
        return any(
            entity.name.casefold() == wanted
            or entity.id == self.value
            or any(f"{link.scheme}:{link.id}" == self.value for link in entity.links)
            for entity in enriched.entities
        )


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that must all be met; without any, every article matches."""

    conditions: tuple[Condition, ...] = ()

    def matches(self, enriched: EnrichedArticle) -> bool:
        """Return whether the article is written.

        A retraction always is: it has neither text nor entities, and the target may have earlier revisions to remove.
        """
        return enriched.article.retracted is not None or all(each.is_met(enriched) for each in self.conditions)
