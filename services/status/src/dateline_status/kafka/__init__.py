"""What the service asks of Kafka, and the real Kafka behind it."""
