"""What the operations on posts need of their caller (X facts, the operation matrix)."""

from volary.access.levels import Level
from volary.access.needs import Need

_READ = frozenset({"tweet.read", "users.read"})

READ = Need(oauth1=Level.READ, scopes=_READ, app_only=True)
READ_OWN = Need(oauth1=Level.READ, scopes=_READ)
WRITE = Need(oauth1=Level.READ_WRITE, scopes=_READ | {"tweet.write"})
WRITE_V1 = Need(oauth1=Level.READ_WRITE, project=False)

LIKES_READ = Need(oauth1=Level.READ, scopes=_READ | {"like.read"})
LIKES_WRITE = Need(oauth1=Level.READ_WRITE, scopes=_READ | {"like.write"})

BOOKMARKS_READ = Need(oauth1=Level.READ, scopes=_READ | {"bookmark.read"})
BOOKMARKS_WRITE = Need(scopes=_READ | {"bookmark.write"})
FOLDERS_READ = Need(oauth1=Level.READ, scopes=frozenset({"users.read", "bookmark.read"}))
FOLDERS_WRITE = Need(scopes=frozenset({"users.read", "bookmark.write"}))
"""X's contract lets bookmarks be changed with OAuth 2.0 alone, and read over both protocols (X facts 3.2)."""
READ_V1 = Need(oauth1=Level.READ, project=False)
MODERATE = Need(oauth1=Level.READ_WRITE, scopes=_READ | {"tweet.moderate.write"})
