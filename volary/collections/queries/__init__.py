"""Reading collections and what is in them, as far as the viewer may see it."""
