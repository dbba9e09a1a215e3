"""What the HTTP endpoints of ingest share: the application, request bodies, tokens, and the way to Kafka."""
