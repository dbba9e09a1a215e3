"""Pages written for measuring what is refused: walls, guards, error pages, front pages, and innocent articles."""
