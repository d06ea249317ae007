"""Acts on Lists, one family a file. Doing a thing twice is doing it once; counts change in the act itself."""
