"""The health of the pipeline over HTTP and in the terminal."""
