"""What is read from a page: in one process, in a pool of processes, and what comes out."""
