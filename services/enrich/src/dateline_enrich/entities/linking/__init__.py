"""Places tied to entries of knowledge bases."""
