"""Pure parts of the help pages: programs to copy, for each operation of the API."""
