"""Decides whether an article is published as its feed carries it, or goes to the task that reads its page."""
