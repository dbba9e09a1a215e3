"""RSS, Atom and JSON Feed documents, each read into the common model."""
