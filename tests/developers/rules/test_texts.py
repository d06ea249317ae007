"""Names and texts of Apps: what people read when they decide whom to trust."""

import pytest

from volary.developers.rules import texts
from volary.developers.rules.links import link
from volary.kit.errors import Invalid


@pytest.mark.parametrize(
    "one, other",
    [
        ("Photo Frame", "photo frame"),
        ("Photo Frame", "PHOTO  FRAME"),
        ("Photo Frame", "Photo\u00a0Frame"),
        ("Photo Frame", "Photo\u3000Frame"),
        ("Photo Frame", "Ｐｈｏｔｏ Ｆｒａｍｅ"),
        ("Photo Frame", "Photo\u200d Frame"),
        ("Straße", "STRASSE"),
        ("ﬁlter", "filter"),
        ("Café", "Cafe\u0301"),
    ],
)
def test_names_that_read_the_same_have_one_key(one: str, other: str) -> None:
    assert texts.name_key(one) == texts.name_key(other)


@pytest.mark.attack("SR-168")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Photo Frame", "Рhоtо Frаmе"),  # Cyrillic
        ("Photo Frame", "Ρhοτο Frame"),  # Greek
        ("PIXEL", "PІXEL"),
        ("pixel", "рixеl"),
        ("Volary", "VoIary"),
        ("Volary", "Vo1ary"),
        ("Volary", "V0lary"),
        ("Volary", "𝐕𝐨𝐥𝐚𝐫𝐲"),
        ("Volary", "ꓦolary"),
        ("Photo Frame", "Photo Frarne"),
        ("Twig", "Tvvig"),
        ("Bot-1", "Bot‐l"),
        ("Ann's", "Ann’s"),
        ("Photo 3", "Photo З"),
    ],
)
def test_names_that_look_alike_have_one_key(one: str, other: str) -> None:
    alike = texts.name_key(one) == texts.name_key(other) or texts.name_shape(one) == texts.name_shape(other)
    assert alike


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mail Bot", "Mall Bot"), ("Photo Frame", "PhotoFrame"), ("Café", "Cafe"), ("Bot 1", "Bot 2"), ("Фото", "Foto")],
)
def test_names_that_differ_to_the_eye_stay_apart(one: str, other: str) -> None:
    assert texts.name_key(one) != texts.name_key(other)
    assert texts.name_shape(one) != texts.name_shape(other)


@pytest.mark.attack("SR-168")
@pytest.mark.parametrize(
    "name",
    (
        "Birds|birds|BIRDS|Вirds|Birds Support|The official Birds App|Birds-Team|B i r d s|"
        "Volary|Admin|Аdmin|Support Team|Official|Security"
    ).split("|"),
)
def test_a_name_that_passes_for_the_platform_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        texts.ensure_nobodys_own(name, "Birds")
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "name",
    ["Birds for Linux", "My Birds", "Support Bot", "App", "The App", "Help", "Ladybirds", "Photo Frame", "Tea & Team"],
)
def test_a_name_that_only_holds_such_a_word_is_taken(name: str) -> None:
    texts.ensure_nobodys_own(name, "Birds")


def test_other_names_have_other_keys() -> None:
    assert texts.name_key("Photo Frame") != texts.name_key("PhotoFrame")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200d",
        "x" * 33,
        "a\u202eb",
        "a\u2066b",
        "a\x00b",
        "a\nb",
        "a\x1bb",
        "a\u200bb",
        "a\ufeffb",
        "a\u3164b",
        "a\u2800b",
        "a\u2028b",
        "a\udc80b",
        "a\ue000b",
    ],
)
@pytest.mark.attack("SR-168")
def test_names_that_cannot_be_read_are_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        texts.app_name(name)
    assert refused.value.field == "name"


@pytest.mark.parametrize("name", ["x" * 32, "Photo Frame", "<b>Bold</b>", "{{7*7}}", "相机", "👩‍🚀 Club", "a\tb"])
def test_other_names_are_kept_with_single_blanks(name: str) -> None:
    assert texts.app_name(f"  {name} ") == " ".join(name.split())


def test_texts_keep_lines_only_where_lines_belong() -> None:
    assert texts.text(" a\r\nb ", "description", texts.DESCRIPTION) == "a\nb"
    for value, limits in (("a\nb", texts.ORGANIZATION), ("x" * 201, texts.DESCRIPTION), (" ", texts.PROJECT_NAME)):
        with pytest.raises(Invalid):
            texts.text(value, "field", limits)


@pytest.mark.attack("SR-169")
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVa\tScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.test",
        "/path",
        "evil.test",
        "http://user:word@app.test/",
        "https://",
        "ftp://app.test/",
        "https://app.test/<script>",
        "https://bücher.test/",
        "https://app.test\\@evil.test/",
        "https://app.test/\u202e",
        "https://app.test/" + "x" * 2100,
    ],
)
def test_links_that_could_mislead_are_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        link(url, "website")
    assert refused.value.field == "website"


@pytest.mark.parametrize(
    "url", ["", "https://app.test", "http://app.test/a?b=c#d", "https://app.test/?", "https://localhost:8/"]
)
def test_other_links_are_kept(url: str) -> None:
    assert link(f" {url} ", "website") == url
