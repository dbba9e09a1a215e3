"""The lines of a text: blocks, their characters, and the phrases that some begin with."""
