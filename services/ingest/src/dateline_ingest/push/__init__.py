"""The HTTP server of ingest: articles that are pushed."""
