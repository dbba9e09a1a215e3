"""What the pipeline did in the last 48 hours, kept in bounded memory and read again after a restart."""
