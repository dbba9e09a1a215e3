"""Documents and feed items turned into articles with an identity."""
