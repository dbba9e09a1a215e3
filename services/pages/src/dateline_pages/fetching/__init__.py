"""The requests to sites, and what their answers mean."""
