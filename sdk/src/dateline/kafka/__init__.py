"""Reads and writes Kafka: connections, records, transactions, offsets, lag, topics and groups."""
