"""The webhook sink: sends each article to an address, at least once, signed as Standard Webhooks wants it."""
