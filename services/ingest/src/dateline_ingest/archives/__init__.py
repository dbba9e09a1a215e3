"""Reads the archives of feeds (RFC 5005) once, between their polls."""
