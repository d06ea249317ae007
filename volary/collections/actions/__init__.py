"""Acts on collections, one family a file."""
