"""The welcome page, and the help pages: connected apps and sessions, security tips, compromised accounts, cookies, rules for developers.

The reference of the API (`pages/reference.py`) is made from the operations themselves; `shapes` writes programs that call them.

They say what this server really does, in each installed language; an operator replaces the rules for developers by a link of their own.
"""
