"""What people read of an article: its text with marks, what changed in it, and where its links lead."""
