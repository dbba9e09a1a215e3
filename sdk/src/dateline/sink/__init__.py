"""Sinks: write the records of a topic to a target outside Kafka, exactly once where the target allows it."""
