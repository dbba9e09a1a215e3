"""Shows the figures of a process to Prometheus; imported only where they are served."""
