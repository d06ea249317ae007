"""An app gives back one of its tokens (RFC 7009, X facts 2.4).

Either token of a pair ends the whole family (D3): an access token that is gone must not come back by its refresh token. What the hint
says is not needed to find the token, so a wrong one, or none, does no harm (SR-104). Unknown tokens and those of other Apps are answered
like success, and nothing happens (SR-105, SR-107).
"""

from sqlalchemy import Table, bindparam, select

from volary.db import Statement, Tx, statement
from volary.developers.models import AppRow
from volary.kit.secrets import digest
from volary.oauth.models import access_tokens, families, grants, refresh_tokens
from volary.oauth.revoking import end_family


def _family_in(table: Table) -> Statement[int]:
    return statement(
        select(families.c.id)
        .join_from(table, families, families.c.id == table.c.family_id)
        .join(grants, grants.c.id == families.c.grant_id)
        .where(table.c.digest == bindparam("digest"), grants.c.app_id == bindparam("app_id")),
        int,
    )


_OF_TOKEN = (_family_in(refresh_tokens), _family_in(access_tokens))


async def revoke(tx: Tx, app: AppRow, token: str, *, address: str = "") -> bool:
    """End the family of a token of this App. False when there is nothing to end; the answer is the same."""
    for asked in _OF_TOKEN:
        family_id = await tx.one(asked, digest=digest(token), app_id=app.id)
        if family_id is not None:
            return await end_family(tx, family_id, "revoked by the app", actor_id=app.id, address=address)
    return False
