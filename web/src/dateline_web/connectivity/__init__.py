"""Whether this machine reaches the network, told from the outcomes of requests."""
