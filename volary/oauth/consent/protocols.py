"""The two protocols as the consent page sees them: a pair of `begin` and `finish`, found by path and by name.

The types stand in `volary.oauth.asking`, below the protocols, because those must name them too.
"""

from volary.oauth.asking import Begin, Finish, Outcome, Redirect, Request

__all__ = ["Begin", "Finish", "Outcome", "Redirect", "Request"]
