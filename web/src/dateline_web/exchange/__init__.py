"""One request and its answer: transport, redirects, body, and failures in words."""
