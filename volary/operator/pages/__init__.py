"""The console's pages. Whoever is no operator meets the page of an address where nothing is."""
