"""Real servers for tests, from package registries alone."""
