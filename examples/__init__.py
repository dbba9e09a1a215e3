"""Consumers to start from; run one with `dateline run examples.headlines:headlines`."""
