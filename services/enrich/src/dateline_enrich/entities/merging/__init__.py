"""Mentions of one thing brought together."""
