"""Feeds, for verbs and services: valid addresses, changes of their records, and whose pages are read."""
