"""Recovery codes: for whoever has neither the phone nor a passkey at hand. 79 random bits each, in letters that are not mistaken."""

from volary.kit.secrets import digest, mint_from

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0 and o, 1, i and l."""
LENGTH, GROUP, COUNT = 16, 4, 10


def new_code() -> str:
    """A code as people read it: four groups of four."""
    letters = mint_from(ALPHABET, LENGTH)
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def plain(typed: str) -> str | None:
    """What was typed, without blanks and dashes and in lower case; None when it is no recovery code."""
    letters = "".join(typed.replace("-", "").split()).lower()
    return letters if len(letters) == LENGTH and set(letters) <= set(ALPHABET) else None


def digest_of(account_id: int, letters: str) -> bytes:
    """How a code is kept. It has as many random bits that its digest need not be keyed, and so outlives every change of the key."""
    return digest(f"recovery code {account_id} {letters}")
