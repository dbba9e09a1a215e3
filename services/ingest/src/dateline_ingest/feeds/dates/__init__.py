"""Dates in feeds: standard forms, free forms, month names and time zones."""
