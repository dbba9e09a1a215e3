"""From the items and documents of sources to articles with an identity."""
