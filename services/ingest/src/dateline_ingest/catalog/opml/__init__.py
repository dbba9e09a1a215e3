"""Reads and writes lists of feeds in OPML."""
