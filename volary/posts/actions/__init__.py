"""Acts on posts, one family a file."""
