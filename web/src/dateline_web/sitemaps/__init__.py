"""Reads sitemaps, streamed and within limits: indexes, lists of pages, news, gzip and plain text."""
