"""A polite and guarded HTTP client."""
