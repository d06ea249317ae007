"""What the operations on posts need of their caller (X facts, the operation matrix)."""

from volary.access.levels import Level
from volary.access.needs import Need

_READ = frozenset({"tweet.read", "users.read"})

READ = Need(oauth1=Level.READ, scopes=_READ, app_only=True)
WRITE = Need(oauth1=Level.READ_WRITE, scopes=_READ | {"tweet.write"})
WRITE_V1 = Need(oauth1=Level.READ_WRITE, project=False)
