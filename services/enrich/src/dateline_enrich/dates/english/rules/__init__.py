"""The rules of English, one module for each class of expressions."""
