"""OAuth 2.0 (RFC 6749) with PKCE (RFC 7636): a person's consent becomes a code, a code becomes tokens, tokens are refreshed and revoked.

`authorize` runs the `checks` in their order and ends a consent; `token` dispatches to the `grant_types`; `client_auth` says which App is
calling, `revoke` is the app's own way out, `bearer` turns a token into a Caller, `app_only` is the app on its own behalf, and
`metadata` tells all this to machines. Where X's wire and the RFC differ, decision 0014 says which one is followed.
"""
