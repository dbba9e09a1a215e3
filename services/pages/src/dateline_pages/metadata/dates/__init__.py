"""When an article was published and last changed, as pages state or show it."""
