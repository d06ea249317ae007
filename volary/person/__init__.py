"""The pages on which people run their own account: sign up, sign in and out, settings, password, sessions, connected apps.

Owns the table `archives`; for the rest it brings together what accounts, sessions and oauth know. Nothing here changes on a GET.
"""
