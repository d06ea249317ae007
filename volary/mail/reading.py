"""A letter that was kept, as it reads."""

import msgspec

from volary.kit.secrets import Keyring
from volary.mail.actions import PARAMETERS
from volary.mail.models import LetterRow
from volary.mail.writing import Writer, Written


def read(keys: Keyring, writer: Writer, letter: LetterRow) -> Written:
    """The letter in its language. Raises SealBroken when a key is missing, LookupError when it was sent and says nothing any more."""
    if letter.parameters is None:
        raise LookupError("what was sent is not kept")
    parameters = msgspec.json.decode(keys.unseal(PARAMETERS, letter.parameters), type=dict[str, str | int])
    return writer.written(letter.template, letter.language, parameters)
