"""An authenticator app, as people have it on their phones: it reads the key from the page and makes codes by the test's clock."""

import pyotp

from tests.conftest import HeldDatabase
from volary.db import Database
from volary.factors.actions.steps import set_up_authenticator
from volary.factors.rules.codes import SECONDS, new_secret


class Phone:
    """A phone with a secret on it."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret.replace(" ", ""))

    def code(self, now: int, ahead: int = 0) -> str:
        """The code of now, or of so many half minutes ahead."""
        return self._totp.at(now // 1000 + ahead * SECONDS)

    def wrong(self, now: int) -> str:
        """A code that is none of those around now."""
        near = {self.code(now, ahead) for ahead in range(-2, 3)}
        return next(text for text in ("000000", "111111", "222222", "333333", "444444", "555555") if text not in near)


class Secured:
    """An account whose second step is on."""

    def __init__(self, phone: Phone, codes: list[str]) -> None:
        self.phone = phone
        self.codes = codes


async def secured(db: Database, account_id: int) -> Secured:
    """Switch an account's second step on, half a minute ago as it were: the code of now is not taken yet."""
    secret = new_secret()
    phone = Phone(secret)
    codes = await db.write(set_up_authenticator, account_id, secret, phone.code(db.now, -1))
    return Secured(phone, codes)


def next_code(db: HeldDatabase) -> None:
    """Let the half minute pass in which a code was taken."""
    db.clock.advance(SECONDS * 1000)
