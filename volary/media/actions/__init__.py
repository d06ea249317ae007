"""Acts on media: sending them, attaching them, describing them."""
