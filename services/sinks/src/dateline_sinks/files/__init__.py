"""What sinks that write files share: immutable files, linked into a chain that holds the position."""
