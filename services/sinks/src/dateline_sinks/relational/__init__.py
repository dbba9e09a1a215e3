"""The relational model of articles, which the databases share: its rows, and the instants of its dates."""
