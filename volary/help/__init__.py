"""The welcome page, and the help pages: connected apps and sessions, security tips, compromised accounts, cookies, rules for developers.

They say what this server really does, in each installed language; an operator replaces the rules for developers by a link of their own.
"""
