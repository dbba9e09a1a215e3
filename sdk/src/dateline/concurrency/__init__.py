"""Waiting with a deadline, retrying with pauses, and work in threads."""
