"""The authors of an article: who is named, and who of the named is a person."""
