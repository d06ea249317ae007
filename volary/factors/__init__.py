"""What somebody proves besides a password: one-time codes, recovery codes and passkeys.

Owns the tables `second_steps`, `authenticators`, `recovery_codes`, `passkeys` and `spent_challenges`. This room knows whether a proof is
right and that none is taken twice; how many wrong ones somebody has, and what a right one opens, belongs to `sessions` above.
"""
