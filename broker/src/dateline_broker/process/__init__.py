"""Processes of the broker: the Java runtime, the guardian that ends it with its owner, and process identities."""
