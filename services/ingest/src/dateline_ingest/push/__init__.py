"""`POST /articles`: articles that clients push over HTTP."""
