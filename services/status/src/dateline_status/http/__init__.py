"""The HTTP interface: JSON, metrics and pages."""
