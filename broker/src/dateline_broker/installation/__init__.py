"""The Kafka that is kept in the cache: its verified jars, and how they are downloaded."""
