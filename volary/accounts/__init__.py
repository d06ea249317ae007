"""People and bots on the platform: sign-up, names, profile, email, password.

Owns the table `accounts`. `passwords` (in `rules` and the hashing pool) decides what a password is worth; signing in itself belongs to
`sessions`. An account's `epoch` is written into every token and session; raising it ends them all at once (design: permissions).
"""
