"""What a session's device and place are called, how many guesses somebody has, and what a browser's cookie holds. No database, no clock."""
