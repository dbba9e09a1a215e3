"""Traces: the context that records carry, and the spans that are exported where that is switched on."""
