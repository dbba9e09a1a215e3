"""Writes enriched articles to databases, files, search engines and webhooks."""
