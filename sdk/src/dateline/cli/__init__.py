"""The verbs of the `dateline` command that belong to Kafka and the pipeline as a whole."""
