"""What a password must be (ASVS 6.2): length and not being a known bad one; no rules about kinds of characters.

A password is compared as RFC 8265 (OpaqueString) says: its blanks become U+0020 and the rest is NFC, so é typed on two keyboards is one
password. Nothing is cut off; above 1,024 bytes it is refused before anything is computed (SR-155).
"""

import unicodedata

from volary.accounts.errors import Refused
from volary.accounts.rules.breached import is_common
from volary.language import mark as _

MIN_CHARACTERS = 8
MAX_BYTES = 1024

SHORT = _("A password has at least %(limit)s characters.")
LONG = _("A password has at most %(limit)s bytes.")
COMMON = _("This password is one of the first that others would try. Please choose another one.")
BREACHED = _(
    "This password was stolen from some other site before, and whoever guesses passwords has it. Please choose another one."
)
PERSONAL = _("The password must not be your username, name or email address.")

# Passwords that guessers try first, folded: lower case, most without the digits and signs that people append.
_WORST_WORDS = """
    aaaaaaaa abcd1234 abcdefgh abcdefghi access14 admin administrator adminadmin asdfasdf asdfghjk asdfghjkl azertyui azertyuiop
    babygirl baseball basketball batman beautiful bismillah butterfly changeme charlie chocolate computer corvette danielle
    dragon einstein elephant estrella fotbal football freedom geheim geheimnis hallo hallowelt heather hello
    helloworld iloveyou inlove internet jennifer jessica jordan1 killer letmein liverpool login lovelove loveme loveyou
    manchester master matrix maverick mercedes michelle midnight monkey mustang mynoob nicole nothing operator pa55word
    pa55w0rd pass passw0rd p@ssw0rd p@ssword passpass passwort password passwordpassword wachtwoord welkom welkom01
    paulinka princess qazwsxedc qwer1234 qwert qwerty qwertyui qwertyuiop qwertz qwertzui qwertzuiop samantha samsung schatz
    secret spiderman starwars steelers sunshine superman swordfish target test testtest trustno1 victoria volary welcome
    whatever willkommen winter zaq1zaq1 zaq12wsx zxcvbnm zxcvbnmn 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 q1w2e3r4 q1w2e3r4t5
    a1b2c3d4 aa123456 abc12345 abc123456 pass1234 test1234 q1234567 x1234567 1234qwer 12345qwert 123qweasd 11223344
    12344321 12341234 12121212 13131313 10203040 87654321 987654321 9876543210 123123123 147258369 789456123 159753159
    """
_WORST = frozenset(_WORST_WORDS.split())
_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)


def prepared(password: str) -> bytes | None:
    """The bytes that are hashed, or None when there are too many of them to be looked at."""
    if len(password) > MAX_BYTES or len(password.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return None
    blanks = "".join(" " if unicodedata.category(character) == "Zs" else character for character in password)
    return unicodedata.normalize("NFC", blanks).encode("utf-8", "surrogatepass")


def check(password: str, *personal: str) -> None:
    """Refuse a password that is too short, too long, known to guessers, or one of the person's own words. Raises Refused.

    Called before hashing, with the username, name and email address as `personal`.
    """
    if prepared(password) is None:
        raise Refused(LONG, field="password", limit=MAX_BYTES)
    if len(unicodedata.normalize("NFC", password)) < MIN_CHARACTERS:
        raise Refused(SHORT, field="password", limit=MIN_CHARACTERS)
    folded = _folded(password)
    own = {_folded(word) for text in personal for word in (text, text.partition("@")[0]) if word}
    if folded in own or _bare(folded) in own:
        raise Refused(PERSONAL, field="password")
    if _is_common(folded):
        raise Refused(COMMON, field="password")


def _is_common(folded: str) -> bool:
    if is_common(folded) or folded in _WORST or _bare(folded) in _WORST or len(set(folded)) <= 2:
        return True
    return any(folded in run or folded in run[::-1] for run in _RUNS)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().lower()


def _bare(folded: str) -> str:
    """Without the digits and signs that people append: `password` of `password2024!`."""
    return folded.rstrip("0123456789!?.,;:-_*#+$%&@ ")
