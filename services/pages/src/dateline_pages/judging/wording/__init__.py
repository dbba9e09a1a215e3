"""What walls, forms and error pages say, in words of many languages."""
