"""The database room: tables' base, two engines behind one interface, reads and writes, paging, keys, migrations.

It is the only place that commits. Rooms above declare tables with `volary.db.tables`, make statements once as module constants, read
through a `Reader` and write in actions that take a `Tx`; the edge calls `Database.write`. Columns are integers, text and bytes.
Decision 0003 says why it is built so.
"""

from volary.db.constructs import in_list, part, upsert
from volary.db.database import Database
from volary.db.reading import Reader, Tx, Value
from volary.db.statement import Statement, statement

__all__ = ["Database", "Reader", "Statement", "Tx", "Value", "in_list", "part", "statement", "upsert"]
