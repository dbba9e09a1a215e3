"""Tables of what the pipeline's topics say, updated record by record."""
