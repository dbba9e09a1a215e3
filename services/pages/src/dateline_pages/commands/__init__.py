"""The verbs of pages: their options and help."""
