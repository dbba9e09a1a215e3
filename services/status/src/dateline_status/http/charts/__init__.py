"""Plots as SVG that need no script, and the numbers beside them."""
