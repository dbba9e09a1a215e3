"""An example of an enricher that adds something of its own: the topics of an article, by keywords."""
