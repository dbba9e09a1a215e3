"""Polling feeds: when, how, and what is remembered of them."""
