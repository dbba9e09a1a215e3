"""Judges groups, services and the whole pipeline."""
