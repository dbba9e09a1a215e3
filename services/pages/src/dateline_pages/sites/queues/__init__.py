"""The queue of a site, and which site may be asked next."""
