"""What a page states about its article in markup for machines."""
