"""What hosts allow, and how long a site that fails, refuses or is busy is left alone."""
