"""All feeds: their directory, the pages of it, and what Kafka holds about one of them."""
