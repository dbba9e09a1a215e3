"""Installing, starting, finding and stopping a broker."""
