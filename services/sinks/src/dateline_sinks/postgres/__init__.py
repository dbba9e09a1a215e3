"""The sink of PostgreSQL: rows and position in one transaction."""
