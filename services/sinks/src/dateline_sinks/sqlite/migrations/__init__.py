"""The schema of the database, one SQL file per version; a file is never changed once it was released."""
