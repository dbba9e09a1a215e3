"""The texts that train: read, cleaned, cut into sentences, changed and packed into batches."""
