"""The two protocols as the consent page sees them: a pair of `begin` and `finish`, found by path and by name.

The types stand in `volary.oauth.asking`, below the protocols, because those must name them too.
"""

from volary.oauth.asking import Begin, Finish, Outcome, Redirect, Request
from volary.oauth.models import OAUTH1, OAUTH2
from volary.oauth.oauth1 import authorize as oauth1
from volary.oauth.oauth2 import authorize as oauth2

__all__ = ["PATHS", "Begin", "Finish", "Outcome", "Redirect", "Request", "begin_at", "finish_of"]

_BEGIN: dict[str, Begin] = dict.fromkeys(oauth1.PATHS, oauth1.begin) | dict.fromkeys(oauth2.PATHS, oauth2.begin)
_FINISH: dict[str, Finish] = {OAUTH1: oauth1.finish, OAUTH2: oauth2.finish}

PATHS = tuple(_BEGIN)
"""Every address at which an app may ask, of both protocols."""


def begin_at(path: str) -> Begin:
    """The checks of the protocol that a path belongs to."""
    return _BEGIN[path]


def finish_of(protocol: str) -> Finish:
    """What carries out a decision on a request of this protocol."""
    return _FINISH[protocol]
