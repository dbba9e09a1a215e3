"""Polling feeds: when, how, and which state is kept of them."""
