"""The name under which ingest writes events."""

__all__ = ["EVENT_SOURCE"]

EVENT_SOURCE = "ingest"
"""The CloudEvents `source` of records written by ingest."""
