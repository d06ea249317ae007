"""What an app did for somebody, for the pages that tell it, and the pages themselves."""

from tests.flows.making import Person
from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.activity.actions import Reads
from volary.db import Database
from volary.graph.actions.follows import follow
from volary.graph.actions.mutes import mute
from volary.oauth.grants import live_grant, narrow
from volary.posts.actions.likes import like
from volary.posts.actions.writing import Draft, create_post, delete_post

APP_PAGES = (
    ("settings-apps-unused", "ann", "/settings/apps?sort=used&only=unused", 200),
    ("settings-app-permissions", "ann", "/settings/apps/{bird}/permissions", 200),
    ("settings-app-permissions-long", "ann", "/settings/apps/{long}/permissions", 200),
    ("settings-app-sign-ins", "ann", "/settings/apps/{bird}/sign-ins", 200),
    ("settings-app-sign-ins-none", "ann", "/settings/apps/{dead}/sign-ins", 200),
    ("settings-app-history", "ann", "/settings/apps/{bird}/history", 200),
    ("settings-app-history-short", "ann", "/settings/apps/{small}/history", 200),
)


async def act(db: Database, app_id: int, other_app_id: int, ann: Person, dev: Person) -> None:
    """An app posts, likes, follows, mutes and reads for Ann; another one may do so for thirty days."""
    grant = await live_grant(db, ann.id, app_id)
    assert grant is not None
    app = Caller(Scheme.OAUTH2_USER, app_id, ann.id, ann.username, frozenset(), Level.DIRECT_MESSAGES, grant.id)
    post = await db.write(create_post, app, Draft("A nightjar was heard tonight, an hour after sunset. " * 4))
    await db.write(like, app, post.id)
    await db.write(follow, app, dev.id)
    await db.write(mute, app, dev.id)
    await db.write(delete_post, app, (await db.write(create_post, app, Draft("Buy followers!"))).id)
    reads = Reads()
    for _ in range(40):
        reads.note(app, "messages.read", db.now)
    await reads.flush(db)
    scopes, end = ("tweet.read", "users.read"), db.now + 30 * 86_400_000
    await db.write(narrow, ann.id, other_app_id, level=None, email=False, scopes=scopes, expires_at=end)
