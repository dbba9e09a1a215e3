"""The catalog of feeds: find, add, list, change, import and export them."""
