"""What an instance counts and measures; heartbeats, the topic `figures` and `/metrics` show it."""
