"""Finds the entities of articles: a small model finds names; rules and tables type, merge and link them."""

from dateline_enrich.entities.finder import FINDER_VERSION, EntityFinder

__all__ = ["FINDER_VERSION", "EntityFinder"]
