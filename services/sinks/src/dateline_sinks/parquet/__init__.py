"""The sink that writes Parquet files, one row for each revision of an article."""
