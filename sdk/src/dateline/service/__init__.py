"""How a service starts, reports that it is alive, and stops."""
