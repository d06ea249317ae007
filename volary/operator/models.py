"""The table of switches of the installation."""

from volary.db.tables import moment, table, text

READ_ONLY = "read_only"
"""The name of the switch that answers every write with 503; its value is the reason that people read."""

switches = table("switches", text("name", key=True), text("value"), moment("changed_at"), by_key=True)
"""What an operator switched on; a row that is not there is off."""
