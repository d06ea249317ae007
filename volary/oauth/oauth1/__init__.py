"""OAuth 1.0a (RFC 5849): how an app signs a request, how it asks for a person's consent, and how the answer becomes a token.

`parameters` and `signature` are arithmetic on bytes and know nothing else. `nonces` remembers which requests were seen. `verify` runs
the checks of one signed request in their order. `request_token`, `authorize` and `access_token` are the three legs of the flow,
`invalidate_token` is the app's own way out, and `endpoints` answers the HTTP calls.
"""
