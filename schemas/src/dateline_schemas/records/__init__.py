"""The models of the records, one module per record."""
