"""Benchmarks: each prints one JSON line a figure; `python -m bench` runs those of the pipeline itself."""
