"""The newest articles: an index of bounded size, read from Kafka by a reader of its own."""
