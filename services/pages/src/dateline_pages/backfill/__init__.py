"""Articles of the past: those that a site's sitemaps name, and those in web archives."""
