"""The start, the signs of life and the end of a service."""
