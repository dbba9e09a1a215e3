"""Generates JSON Schema and AsyncAPI from the models, and compares them with the last release."""
