"""Named things in articles: found by a small model, brought together, typed and linked by rules and tables."""

from dateline_enrich.entities.finder import FINDER_VERSION, EntityFinder

__all__ = ["FINDER_VERSION", "EntityFinder"]
