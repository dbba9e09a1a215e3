"""Headers of answers: cache hints, `Retry-After` and `Link`."""
