"""The checks of an authorization request, one rule a file, in the order in which `authorize.begin` runs them.

client → redirect_uri ‖ response_type → scope → pkce → state. Left of the bar a request is refused by a page, since nobody yet knows to
whom the browser would be sent; right of it the error goes back to the app.
"""
