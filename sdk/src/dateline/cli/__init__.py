"""The `dateline` command, and those of its verbs that come with the SDK."""
