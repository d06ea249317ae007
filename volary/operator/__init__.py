"""The operator console: who governs an installation, and what they do to its Apps, people and names.

An operator is an account with a flag that the command line alone sets (`volary operator add`). To everybody else the console's addresses
hold nothing. Each act checks the flag in its own transaction, leaves an event in the audit, and has a twin on the command line.
"""
