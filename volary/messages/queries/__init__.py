"""Reading messages, and who can write to whom."""
