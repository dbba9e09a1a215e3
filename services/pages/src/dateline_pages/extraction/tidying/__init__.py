"""Tidies the tree of a page before its text is looked for."""
