"""What the operations on Lists need of their caller (X facts, the operation matrix; C040, C052, C079)."""

from volary.access.levels import Level
from volary.access.needs import Need

_SCOPES = frozenset({"tweet.read", "users.read"})

READ = Need(oauth1=Level.READ, scopes=_SCOPES | {"list.read"}, app_only=True)
READ_OWN = Need(oauth1=Level.READ, scopes=_SCOPES | {"list.read"})
WRITE = Need(oauth1=Level.READ_WRITE, scopes=_SCOPES | {"list.write"})
CREATE = Need(oauth1=Level.READ_WRITE, scopes=_SCOPES | {"list.read", "list.write"})
READ_V1 = Need(oauth1=Level.READ, project=False)
WRITE_V1 = Need(oauth1=Level.READ_WRITE, project=False)
