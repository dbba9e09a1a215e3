"""The HTTP server of ingest and what its endpoints share."""
