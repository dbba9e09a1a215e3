"""HTML in the fields of feeds: what of a text is markup, the plain text, and the links."""
