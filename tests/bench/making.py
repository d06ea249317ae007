"""What a measurement needs in the database, made by the same actions as the flow's own."""

from volary.db import Database, Tx
from volary.oauth import grants, tokens

SCOPES = frozenset({"tweet.read", "users.read", "tweet.write"})


async def access_token(db: Database, account_id: int, app_id: int) -> str:
    """An access token of a person's for the App, made by the same actions as the flow's last step."""

    async def make(tx: Tx) -> str:
        grant_id = await grants.record(tx, account_id, app_id, scopes=SCOPES)
        family_id = await grants.start_family(tx, grant_id, "oauth2")
        holder = tokens.Holder(family_id, app_epoch=0, account_epoch=0)
        return (await tokens.issue_first(tx, holder, " ".join(sorted(SCOPES)))).access

    return await db.write(make)
