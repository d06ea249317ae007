"""What a query finds on each engine, beside a plain look at every document."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, update

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.posts.test_posts import calling, post
from tests.timelines.test_home import let_in, repost
from volary.accounts.models import AccountRow
from volary.api.errors import InvalidRequest
from volary.db import Tx, statement
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block
from volary.lists.actions.members import add_member
from volary.lists.actions.writing import create_list
from volary.media.rules.keys import PHOTO, VIDEO, key_of
from volary.posts.actions.writing import delete_post
from volary.posts.models import PostRow, posts
from volary.posts.rules.answering import kept_entities
from volary.search.jobs.indexing import Indexer
from volary.search.queries.searching import looked_up, newest_found
from volary.search.rules.documents import Facts, document
from volary.search.rules.parsing import ALL, RECENT, parsed
from volary.search.rules.tree import matches

_ATTACH = statement(update(posts).where(posts.c.id == bindparam("post")).values(media_ids=bindparam("media")))


async def search(db: HeldDatabase, viewer: AccountRow | None, text: str) -> list[int]:
    query = await looked_up(db, viewer.id if viewer else 0, parsed(text))
    return [row.id for row in await newest_found(db.long, viewer.id if viewer else 0, query, Bounds(), 100)]


async def test_words_names_links_and_what_a_post_is(db: HeldDatabase, cast: People) -> None:
    ann, carol, dave = cast.ann, cast.carol, cast.dave
    first = (await post(db, ann, "Crème brûlée at the Café, for @carol_c! #Dessert $SUGAR")).id
    second = (await post(db, carol, "No crème at https://www.bees.example/honey/Jar?x=1 sadly", reply_to_id=first)).id
    third = (await post(db, dave, "東京タワーは高い 👍", quote_of_id=first)).id
    again = await repost(db, dave, await post(db, ann, "plain words"))
    assert await Indexer(db).run() == 5
    for text, wanted in {
        "creme": [second, first],
        "CRÈME -sadly": [first],
        '"creme brulee"': [first],
        '"brulee creme"': [],
        "#dessert": [first],
        "dessert": [first],
        "#desser": [],
        "$sugar": [first],
        "@Carol_C": [first],
        "from:ann creme": [first],
        "from:nobody_at_all": [],
        f"from:{carol.id}": [second],
        "to:ann": [second],
        "url:bees.example": [second],
        'url:"https://www.bees.example/honey"': [second],
        "url:honey -url:wax": [second],
        "honey": [],
        f"conversation_id:{first}": [second, first],
        f"in_reply_to_tweet_id:{first}": [second],
        f"quotes_of_tweet_id:{first}": [third],
        "from:carol_c is:reply": [second],
        "from:dave is:quote": [third],
        "from:dave is:retweet": [again],
        "retweets_of:ann": [again],
        "東京": [third],
        "タワー": [third],
        "京東": [],
        "👍": [third],
        "creme has:links": [second],
        "creme has:hashtags -has:links": [first],
        "creme has:media": [],
        "creme is:verified": [],
        "(honey OR 東京 OR #dessert) -is:quote": [first],
        "creme lang:en": [second, first],
        "creme lang:und": [],
        "creme place:amsterdam": [],
        "creme min_likes:1": [],
        "creme min_replies:1": [first],
        "creme sample:100": [second, first],
    }.items():
        assert await search(db, None, text) == wanted, text
    assert len(await search(db, None, "plain")) == 1


@pytest.mark.attack("SR-196")
async def test_nobody_finds_what_they_may_not_see(db: HeldDatabase, cast: People) -> None:
    ann, bob, carol, dave = cast.ann, cast.bob, cast.carol, cast.dave
    start = await post(db, ann, "beginning")
    hidden = await post(db, bob, "secret plan https://x.example #hush @dave", reply_to_id=start.id)
    await post(db, carol, "open plan")
    await Indexer(db).run()
    asked = ["secret", "from:bob", "to:ann", '"secret plan"', "#hush", "@dave", "url:x.example"]
    asked += [f"conversation_id:{start.id} -from:ann", f"in_reply_to_tweet_id:{start.id}", "plan -open"]
    for text in asked:
        assert await search(db, None, text) == [], text
        assert await search(db, dave, text) == [], text
        assert await search(db, bob, text) == [hidden.id], text
    await let_in(db, bob, dave)
    for text in asked:
        assert await search(db, dave, text) == [hidden.id], text
    await db.write(block, calling(bob), dave.id)
    assert await search(db, dave, "secret") == []


@pytest.mark.attack("SR-227")
async def test_what_is_deleted_is_not_found_and_leaves_the_index(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.ann, "soon gone")
    indexer = Indexer(db)
    assert await indexer.run() == 1
    assert await search(db, None, "gone") == [made.id]
    await db.write(delete_post, calling(cast.ann), made.id)
    assert await search(db, None, "gone") == []  # before the index is brought up to date
    db.clock.advance(1000)
    assert await indexer.run() == 1
    assert await indexer.run() == 0
    assert await Indexer(db).run() == 0  # as after a restart
    assert await search(db, None, "gone") == []


async def test_pictures_and_videos_are_told_apart(db: HeldDatabase, cast: People) -> None:
    made = [await post(db, cast.ann, f"album {number}") for number in range(3)]

    async def attach(tx: Tx, number: int, key: str) -> None:
        await tx.run(_ATTACH, post=made[number].id, media=key)

    await db.write(attach, 0, key_of(PHOTO, "", 1))
    await db.write(attach, 1, key_of(VIDEO, "", 2))
    await Indexer(db).run()
    photo, video, bare = (row.id for row in made)
    assert await search(db, None, "album has:media") == [video, photo]
    assert await search(db, None, "album has:images") == [photo]
    assert await search(db, None, "album has:videos") == await search(db, None, "album has:video_link") == [video]
    assert await search(db, None, "album -has:media") == [bare]


async def test_a_list_stands_for_its_members(db: HeldDatabase, cast: People) -> None:
    ann, bob, carol, dave = cast.ann, cast.bob, cast.carol, cast.dave
    hidden, plain = await post(db, bob, "thistle one"), await post(db, carol, "thistle two")
    await post(db, dave, "thistle three")
    await Indexer(db).run()
    lists = {}
    for private in (False, True):
        made = await db.write(create_list, calling(ann), "some", private=private)
        for member in (bob, carol):
            await db.write(add_member, calling(ann), made.id, member.id)
        lists[private] = made.id
    assert await search(db, dave, f"thistle list:{lists[False]}") == [plain.id]
    assert await search(db, bob, f"list:{lists[False]}") == [plain.id, hidden.id]
    assert await search(db, ann, f"thistle list:{lists[True]}") == [plain.id]
    assert await search(db, dave, f"thistle list:{lists[True]}") == []
    assert await search(db, None, f"thistle -list:{lists[False]}") == await search(db, None, "from:dave thistle")
    with pytest.raises(InvalidRequest):
        parsed("list:1 OR list:2")


async def test_both_engines_and_a_plain_matcher_agree(db: HeldDatabase, cast: People) -> None:
    dice = random.Random(7)
    vocabulary = ["bee", "cat", "dog", "東京", "#bee", "@cat_c", "fish", "https://dog.example/cat"]
    made: list[PostRow] = []
    for number in range(40):
        text = " ".join(dice.choice(vocabulary) for _ in range(dice.randrange(1, 6))) + f" n{number}"
        answered = dice.choice(made).id if made and dice.random() < 0.3 else None
        made.append(await post(db, dice.choice([cast.ann, cast.carol]), text, reply_to_id=answered))
    await Indexer(db).run()
    documents = {row.id: document(facts_of(row)) for row in made}
    tried = 0
    for text in queries(300):
        try:
            query = parsed(text)
        except InvalidRequest:
            continue
        tried += 1
        wanted = sorted((one for one, tokens in documents.items() if matches(query.root, tokens)), reverse=True)
        found = [row.id for row in await newest_found(db, 0, query, Bounds(), 100)]
        assert found == wanted, text
    assert tried > 150


def facts_of(row: PostRow) -> Facts:
    return Facts(
        text=row.text,
        entities=kept_entities(row.entities),
        language=row.language,
        author_id=row.author_id,
        conversation_id=row.conversation_id,
        reply_to_id=row.reply_to_id,
        reply_to_author_id=row.reply_to_author_id,
    )


def queries(count: int) -> list[str]:
    """Queries of every form, the same ones in each run."""
    dice = random.Random(3)
    leaves = [
        "bee",
        "cat",
        '"bee cat"',
        '"cat dog fish"',
        "#bee",
        "@cat_c",
        "東",
        "東京",
        "url:dog",
        "fish",
        "is:reply",
        "has:links",
    ]

    def one(depth: int) -> str:
        if depth == 0 or dice.random() < 0.3:
            return dice.choice(leaves)
        parts = [one(depth - 1) for _ in range(dice.randrange(1, 4))]
        how = dice.randrange(3)
        if how == 0:
            return " ".join(parts)
        if how == 1:
            return f"({' OR '.join(parts)})"
        return f"{parts[0]} -{dice.choice(leaves)}"

    return [one(3) for _ in range(count)]


@given(
    st.text(max_size=600)
    | st.lists(st.sampled_from([*'()"-:#@$', "OR", "a", "from:", "is:reply", " ", "\\", "東", "["])).map("".join)
)
def test_whatever_is_asked_there_is_a_tree_or_a_refusal(text: str) -> None:
    try:
        query = parsed(text)
    except InvalidRequest:
        return
    assert query.root is not None


def test_a_query_is_bounded_in_length_and_depth() -> None:
    parsed("a " * (RECENT // 2))
    for text, longest in (("a" * (RECENT + 1), RECENT), ("a" * (ALL + 1), ALL), ("(" * 21 + "a" + ")" * 21, RECENT)):
        with pytest.raises(InvalidRequest):
            parsed(text, longest)
    parsed("(" * 20 + "a" + ")" * 20)
