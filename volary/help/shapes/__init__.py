"""Programs to copy that call an operation of this server: with curl, tweepy, xdk and twitter-api-v2.

They carry the server's address, and read secrets from the environment, so that none is ever on a page. tests/compat runs them.
"""
