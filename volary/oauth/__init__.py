"""The two protocols by which an app gets access, and everything that hangs from a person's consent.

Owns the tables of grants, families, tokens, codes, request tokens and pending authorizations. A *grant* is what one account allowed
one app: one row in *Apps and sessions*, whatever the protocol. A *family* is one device's chain of tokens under it. Tokens live while
their row, family, grant, app and account say so; looking one up joins all of them.

`identify` turns a request's credentials into a Caller; `oauth1` and `oauth2` hold one file per rule; `consent` is the page between.
"""
