"""Recipes of the project's own models; not needed at run time."""
