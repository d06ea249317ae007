"""People and bots on the platform: sign-up, names, profile, email, password.

Owns the table `accounts`. `rules.passwords` decides what a password must be, `rules.hashing` computes with it off the event loop;
signing in itself belongs to `sessions`. An account's `epoch` is written into every token and session; raising it ends them all at once
(design: permissions).
"""
