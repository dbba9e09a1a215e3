"""Merges the mentions of an article into one cluster for each thing."""
