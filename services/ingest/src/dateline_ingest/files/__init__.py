"""`dateline ingest`: publishes articles from files, folders, standard input and single feeds."""
