"""Reading timelines: home, and the lists that walk one index."""
