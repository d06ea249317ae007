"""What is done later for people, asked for by acts of their own."""
