"""An OpenSearch server from its jars, on the Java runtime of the embedded broker."""
