"""The sink that writes JSON Lines, compressed with zstd."""
