"""Named things in articles, found by rules: no model, no download, one pass over the text."""

from dateline_enrich.entities.finder import FINDER_VERSION, EntityFinder

__all__ = ["FINDER_VERSION", "EntityFinder"]
