import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.posts.rules.detecting import language_of, loaded
from volary.posts.rules.entities import entities_of, urls_in
from volary.posts.rules.languages import believed, told_by_itself, words_of

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


@pytest.mark.parametrize(("text", "language"), SAID.items())
async def test_a_text_tells_its_language(text: str, language: str) -> None:
    assert language_of(text, entities_of(text, urls_in(text)), await loaded()) == language


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
