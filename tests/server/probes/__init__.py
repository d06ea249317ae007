"""Private things with a word in each, and every way to ask for them."""
