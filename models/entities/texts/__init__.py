"""Training texts: reading, cleaning, cutting into sentences, changing, and packing into batches."""
