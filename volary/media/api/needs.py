"""What the operations on media need of their caller (X facts, the operation matrix)."""

from volary.access.levels import Level
from volary.access.needs import Need
from volary.api.limits import limits, per_day

READ = Need(oauth1=Level.READ, scopes=frozenset({"tweet.read"}), app_only=True)
READ_OWN = Need(oauth1=Level.READ, scopes=frozenset({"tweet.read"}))
STATUS = Need(oauth1=Level.READ, scopes=frozenset({"media.write"}))
WRITE = Need(oauth1=Level.READ_WRITE, scopes=frozenset({"media.write"}))
STATUS_V1 = Need(oauth1=Level.READ, project=False)
WRITE_V1 = Need(oauth1=Level.READ_WRITE, project=False)

WHOLE = limits(user=500, app=(per_day(50_000),))
IN_PARTS = limits(user=1875, app=(per_day(180_000),))
"""X's numbers for uploads in one piece, and for each step of one in segments."""
