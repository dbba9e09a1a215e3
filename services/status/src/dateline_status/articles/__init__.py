"""Where an article is: its records, the groups that read it, and the time that each stage took."""
