"""Projects of users: a folder that `dateline new` fills with a package, its test, and what it takes to run it."""
