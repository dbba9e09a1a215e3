"""The pages for people, one module for each entry of the navigation."""
