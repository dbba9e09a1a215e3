"""What a page is instead of an article, and what its publisher reserves."""
