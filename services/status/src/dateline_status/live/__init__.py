"""The health of the pipeline in a terminal, refreshed while somebody watches."""
