"""Access to Kafka: connections, records, transactions, offsets, lag, topics and groups."""
