"""The text of a page, with what the pages of one site teach about it."""
