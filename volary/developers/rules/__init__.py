"""What may be said about an App: its names, its callback URLs, its links, its icon, its credentials, and how many of each."""
