"""Links places to entries of knowledge bases."""
