"""`dateline ingest`: publishes files, folders, standard input and single feeds."""
