"""The pages service: reads the pages of articles, politely, and publishes each article once with its full text."""
