"""What belongs to this product alone: its processes, its demo, and how its articles look in a terminal."""
