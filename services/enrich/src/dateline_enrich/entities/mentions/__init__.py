"""Names as they stand in the text: what a tagger found, cleaned, completed and typed by rules."""
