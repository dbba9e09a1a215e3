"""One Kafka node: its data folder, its configuration, and what its log says."""
