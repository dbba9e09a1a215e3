"""Consumer groups that are forgotten from a page."""
