"""What names, addresses, profiles and passwords may look like, and how passwords are hashed. No database, no clock."""
