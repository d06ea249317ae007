"""Following, blocking and muting: one family of acts a file. Doing a thing twice is doing it once."""
