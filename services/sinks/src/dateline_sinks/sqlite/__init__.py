"""The sink of SQLite: articles in one file, exactly once, with full-text search."""
