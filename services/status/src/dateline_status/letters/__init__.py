"""Dead letters to look at and to send back: their causes, their bytes, and the way to Kafka."""
