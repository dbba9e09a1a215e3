"""Mentions of names: the spans of a tagger, cleaned, completed and typed by rules."""
