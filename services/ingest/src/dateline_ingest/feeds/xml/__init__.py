"""XML documents, well-formed or not, read as a stream of small element trees."""
