"""Deadlines, retries with pauses, several tasks at once, and work in threads."""
