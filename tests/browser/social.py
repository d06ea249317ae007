"""Posts, conversations and Spaces for the gallery, and the pages that show them."""

from sqlalchemy import bindparam, update

from tests.flows.making import Person
from volary.access.caller import Caller, in_person
from volary.db import Database, Tx, statement
from volary.graph.actions.follows import follow
from volary.posts.actions.bookmarks import bookmark, create_folder
from volary.posts.actions.hiding import hide_answer
from volary.posts.actions.likes import like
from volary.posts.actions.polls import vote
from volary.posts.actions.reposts import repost
from volary.posts.actions.writing import Draft, create_post
from volary.posts.models import polls
from volary.posts.rules.polls import NewPoll
from volary.spaces.actions.joining import invite_speaker, join_space
from volary.spaces.actions.running import announce_space
from volary.spaces.rules import wire_id

SOCIAL = (
    ("home", "dev", "/home", 200),
    ("home-empty", "bob", "/home", 200),
    ("home-bookmarks", "dev", "/home/bookmarks", 200),
    ("home-bookmarks-empty", "bob", "/home/bookmarks", 200),
    ("search", "dev", "/search", 200),
    ("search-found", "dev", "/search?q=nightjar", 200),
    ("search-people", "bob", "/search?q=dev&tab=people", 200),
    ("search-nothing", "bob", "/search?q=quinquireme", 200),
    ("search-refused", "bob", "/search?q=near%3Ahere", 400),
    ("compose", "dev", "/compose", 200),
    ("compose-reply", "bob", "/compose?reply={thread}", 200),
    ("compose-quote", "bob", "/compose?quote={thread}", 200),
    ("post", "dev", "/{dev_name}/status/{thread}", 200),
    ("post-signed-out", "nobody", "/{dev_name}/status/{thread}", 200),
    ("post-quotes", "dev", "/{dev_name}/status/{thread}/quotes", 200),
    ("post-likes", "dev", "/{dev_name}/status/{thread}/likes", 200),
    ("post-reposts", "dev", "/{dev_name}/status/{thread}/reposts", 200),
    ("post-history", "dev", "/{dev_name}/status/{edited}/history", 200),
    ("post-delete", "dev", "/posts/{thread}/delete", 200),
    ("profile", "bob", "/{dev_name}", 200),
    ("profile-own", "dev", "/{dev_name}", 200),
    ("profile-replies", "nobody", "/{dev_name}/with_replies", 200),
    ("profile-likes", "dev", "/{dev_name}/likes", 200),
    ("profile-protected", "dev", "/{ann_name}", 200),
    ("profile-blocked", "bob", "/{ann_name}", 200),
    ("profile-followers", "bob", "/{dev_name}/followers", 200),
    ("profile-following", "bob", "/{eve_name}/following", 200),
    ("profile-report", "bob", "/{dev_name}/report", 200),
    ("profile-nobody", "bob", "/nobody_here", 404),
)
"""Name, who looks, path and status."""

LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3


async def make_posts(db: Database, dev: Person, eve: Person, app_id: int) -> dict[str, int]:
    """A conversation of dev's with everything in it that a post can have, and one that was edited."""
    writes, answers = in_person(dev.id, dev.username), in_person(eve.id, eve.username)
    with_app = Caller(writes.scheme, app_id, dev.id, dev.username, writes.scopes, writes.level)
    text = f"Who has seen @{eve.username}? #nightjar $BIRD https://www.example.org/a/very/long/way/to/the/bird"
    begun = await db.write(create_post, with_app, Draft(text))
    await db.write(follow, answers, dev.id)
    await db.write(follow, writes, eve.id)
    answer = await db.write(create_post, answers, Draft("Here I am", reply_to_id=begun.id, names_first=True))
    await db.write(create_post, writes, Draft("Good <b>evening</b>", reply_to_id=answer.id, names_first=True))
    rude = await db.write(create_post, answers, Draft("And something rude", reply_to_id=begun.id))
    await db.write(hide_answer, writes, rude.id, hidden=True)
    await db.write(create_post, answers, Draft(LONG, quote_of_id=begun.id))
    for caller in (writes, answers):
        await db.write(like, caller, begun.id)
    await db.write(repost, answers, begun.id)
    folder = await db.write(create_folder, writes, "Birds by night")
    await db.write(bookmark, writes, answer.id, folder.id)
    first = await db.write(create_post, writes, Draft("A frist version"))
    edited = await db.write(create_post, writes, Draft("A first version", edits_id=first.id))
    return {"thread": begun.id, "edited": edited.id}


async def make_spaces(db: Database, dev: Person, eve: Person) -> dict[str, str]:
    """A Space that is announced and one that runs."""
    dev_calls, eve_calls = in_person(dev.id, dev.username), in_person(eve.id, eve.username)
    announced = await db.write(announce_space, dev_calls, "Birds by night", db.now + 86_400_000)
    live = await db.write(announce_space, eve_calls, "Donaudampfschifffahrtsgesellschaft " * 5)
    await db.write(invite_speaker, eve_calls, live.id, dev.id)
    await db.write(join_space, dev_calls, live.id)
    return {"announced": wire_id(announced.id), "live": wire_id(live.id)}


_END = statement(update(polls).where(polls.c.post_id == bindparam("post")).values(ends_at=1))


async def make_polls(db: Database, dev: Person, voter: Person) -> dict[str, int]:
    """Polls of dev's, one that is open and one that has ended; somebody voted in both."""

    async def end(tx: Tx, post: int) -> None:
        await tx.run(_END, post=post)

    asks, votes = in_person(dev.id, dev.username), in_person(voter.id, voter.username)
    made: dict[str, int] = {}
    for name in ("poll", "ended"):
        poll = NewPoll(("Coffee", "Hauptbetriebswerksunterbe", "早起きして紅茶を飲む", "Neither <b>"), 600)
        post = await db.write(create_post, asks, Draft(f"What do you drink in the morning? ({name})", poll=poll))
        await db.write(vote, votes, post.id, 2)
        made[name] = post.id
    await db.write(end, made["ended"])
    return made
