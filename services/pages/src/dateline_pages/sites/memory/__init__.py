"""What a task remembers of its sites, and of what their pages gave."""
