"""The entities of the indexed articles; each is kept once, however many articles name it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dateline_status.recent.words import folded

__all__ = ["EntityPool", "PooledEntity"]

SEPARATOR = "\N{INFORMATION SEPARATOR ONE}"
"""Separates the parts of an entity's key, and occurs in none of them."""

LONGEST_NAME = 120
"""Names are kept up to this many characters."""

MOST_LINKS = 5
"""At most this many links of an entity are kept."""


@dataclass(slots=True, eq=False)
class PooledEntity:
    """A name of some type with its links."""

    key: str
    words: str
    """The folded name and the links, as the search compares them."""
    uses: int = 0
    """Number of articles that name it."""

    @property
    def type(self) -> str:
        """The kind of entity, such as `person`."""
        return self.key.split(SEPARATOR, 1)[0]

    @property
    def name(self) -> str:
        """Its name."""
        return self.key.split(SEPARATOR, 2)[1]

    @property
    def links(self) -> list[tuple[str, str]]:
        """The scheme and id of each link, best first."""
        parts = (part.partition(":") for part in self.key.split(SEPARATOR)[2:])
        return [(scheme, id_) for scheme, _, id_ in parts]


@dataclass(slots=True)
class EntityPool:
    """Counts the uses of each entity, and forgets those that no article names any more."""

    _known: dict[str, PooledEntity] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._known)

    def take(self, type_: str, name: str, links: Iterable[tuple[str, str]]) -> PooledEntity:
        """Return the entity, and count one use more."""
        ids = [f"{scheme}:{id_}"[:LONGEST_NAME] for scheme, id_ in links][:MOST_LINKS]
        parts = (type_, name[:LONGEST_NAME], *ids)
        key = SEPARATOR.join(parts)
        if key.count(SEPARATOR) >= len(parts):
            key = SEPARATOR.join(part.replace(SEPARATOR, " ") for part in parts)
        entity = self._known.get(key)
        if entity is None:
            # A link is found by its id alone, and with its scheme.
            more = "".join(f"{each.casefold()} {each.partition(':')[2].casefold()} " for each in ids)
            entity = self._known[key] = PooledEntity(key, folded(name[:LONGEST_NAME]) + more)
        entity.uses += 1
        return entity

    def release(self, entities: Iterable[PooledEntity]) -> None:
        """Count one use less of each; an entity without uses is forgotten."""
        for entity in entities:
            entity.uses -= 1
            if entity.uses == 0:
                del self._known[entity.key]

    def all(self) -> list[PooledEntity]:
        """Return all entities as they are now."""
        return list(self._known.values())
