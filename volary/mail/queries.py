"""Reading letters: to send them, and for operators."""

from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.kit.ids import LARGEST_ID
from volary.mail.models import LetterRow, letters

_ROW = tuple(letters.c[name] for name in LetterRow.__struct_fields__)
_ONE = statement(select(*_ROW).where(letters.c.id == bindparam("letter_id")), LetterRow)
_LATEST = (
    select(*_ROW).where(letters.c.id < bindparam("before")).order_by(letters.c.id.desc()).limit(bindparam("count"))
)
_ALL = statement(_LATEST, LetterRow)
_IN_STATE = statement(_LATEST.where(letters.c.state == bindparam("state")), LetterRow)


async def letter_by_id(reader: Reader, letter_id: int) -> LetterRow | None:
    """One letter."""
    return await reader.one(_ONE, letter_id=letter_id)


async def latest_letters(
    reader: Reader, count: int = 100, *, before: int = LARGEST_ID, state: str = ""
) -> list[LetterRow]:
    """Letters, the latest first; all, or those in one state."""
    if state:
        return await reader.all(_IN_STATE, before=before, count=count, state=state)
    return await reader.all(_ALL, before=before, count=count)
