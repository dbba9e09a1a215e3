"""Patterns over the tokens of a text, and what they match; knows nothing of dates."""
