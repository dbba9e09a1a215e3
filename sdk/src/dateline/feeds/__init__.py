"""Changes the table of feeds: adds feeds by their addresses, and pauses, resumes and polls them."""
