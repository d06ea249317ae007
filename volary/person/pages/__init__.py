"""One file for each page, or for the few that belong together."""
