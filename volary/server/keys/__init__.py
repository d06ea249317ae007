"""The installation's key in a whole installation: what it sealed, how it is changed under running servers, and what is left without it."""
