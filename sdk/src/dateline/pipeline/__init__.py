"""What only this product needs: its processes, its demo, its topics, and the view of an article in a terminal."""
