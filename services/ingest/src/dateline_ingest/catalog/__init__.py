"""The feeds that are followed: adding, finding, listing, changing, importing and exporting them."""
