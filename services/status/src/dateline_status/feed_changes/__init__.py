"""Changes of feeds from a page: each writes one record, as the verbs do."""
