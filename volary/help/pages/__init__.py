"""The pages of the help center: its articles, and the reference of the API."""
