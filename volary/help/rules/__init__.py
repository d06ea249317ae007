"""Pure parts of the help pages: how the reference of the API is divided."""
