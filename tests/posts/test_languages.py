import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.posts.making import calling, post, read
from volary.kit.clock import MINUTE
from volary.posts.actions.reposts import repost
from volary.posts.actions.writing import delete_post
from volary.posts.jobs.languages import Languages
from volary.posts.rules.entities import entities_of, urls_in
from volary.posts.rules.languages import UNDETERMINED, believed, told_by_itself, words_of

SAID = {
    "Good morning everybody, see you tomorrow at the station": "en",
    "Tot morgen op het station, kom niet te laat": "nl",
    "Bis morgen am Bahnhof, kommen Sie nicht zu spät": "de",
    "Bonjour tout le monde, à demain à la gare": "fr",
    "今日はいい天気ですね": "ja",
    "早上好，大家": "zh",
    "좋은 아침입니다": "ko",
    "Доброе утро всем": "ru",
    "בוקר טוב לכולם, נתראה מחר בתחנה": "iw",
    "Selamat pagi semuanya, sampai jumpa besok": "in",
    "@dave @Carol_C": "qam",
    "#bees #honey": "qht",
    "$VOL": "qct",
    "https://x.test/a": "qme",
    "ok": "qst",
    "12345 !!": "und",
    "😀😀": "und",
    "@dave #bees": "und",
    "Xqzt vrkpl hjkl": "und",
}


async def test_a_post_gets_its_language_after_its_author_has_the_answer(db: HeldDatabase, cast: People) -> None:
    made = {text: await post(db, cast.ann, text) for text in SAID}
    assert {row.language for row in made.values()} == {UNDETERMINED}
    task = Languages(db)
    await task.run()
    assert {text: (await read(db, row.id)).language for text, row in made.items()} == SAID
    assert await task.run() == 0


async def test_each_round_looks_at_what_is_new_alone(db: HeldDatabase, cast: People) -> None:
    task = Languages(db)
    await task.run()
    db.clock.advance(MINUTE)
    first = await post(db, cast.ann, "Good morning everybody, how are you?")
    deleted = await post(db, cast.ann, "Good night everybody, sleep well!")
    await db.write(delete_post, calling(cast.ann), deleted.id)
    assert await task.run() == 1
    await db.write(repost, calling(cast.dave), first.id)
    edited = await post(db, cast.ann, "Goedemorgen allemaal, hoe gaat het met jullie?", edits_id=first.id)
    assert await task.run() == 1
    assert [(await read(db, one.id)).language for one in (first, edited)] == ["en", "nl"]


async def test_two_processes_do_not_write_twice(db: HeldDatabase, cast: People) -> None:
    made = await post(db, cast.ann, "Good morning everybody, how are you?")
    assert [await Languages(db).run() for _ in range(2)] == [1, 0]
    assert (await read(db, made.id)).language == "en"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (("nl", True, 0.3, 0.29), "nl"),
        (("nl", False, 0.95, 0.5), "nl"),
        (("nl", False, 0.95, 0.93), "und"),
        (("nl", False, 0.4, 0.1), "und"),
        (("he", True, 0.9, 0.1), "iw"),
        (("und", False, 0.0, 0.0), "und"),
    ],
)
def test_only_what_is_sure_is_believed(found: tuple[str, bool, float, float], expected: str) -> None:
    assert believed(*found) == expected


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    entities = entities_of(text, urls_in(text))
    words = words_of(text, entities)
    assert len(words) <= len(text) + 2 * sum(map(len, (entities.urls, entities.mentions, entities.hashtags)))
    told_by_itself(words, entities)


def test_links_names_and_tags_are_no_words() -> None:
    text = "Hi @ann, see https://x.test/a #bees $VOL now"
    assert words_of(text, entities_of(text, urls_in(text))) == "Hi , see now"
