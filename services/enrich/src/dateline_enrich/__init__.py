"""Adds entities and resolved dates to articles, exactly once."""
