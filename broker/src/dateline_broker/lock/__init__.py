"""The exact jars of the embedded Kafka: the locked list, and how it is resolved."""
