"""The parts that pages are made of, and forms that are shown again."""

import re

import pytest

from tests.conftest import HeldDatabase
from tests.web.stage import PLAIN, Browser, site
from volary.web.render import sentences


async def test_a_refused_form_says_what_is_wrong_where_it_is_wrong(browser: Browser) -> None:
    answer = await browser.send_form("/app", {"name": "", "website": "https://far.too.long/"})
    page = answer.text
    assert answer.status_code == 400
    assert "2 things need to be put right." in page
    assert '<a href="#field-name">Give the app a name.</a>' in page
    assert re.search(r'<input id="field-name"[^>]* aria-invalid="true" aria-describedby="hint-name error-name"', page)
    assert re.search(r'<p class="wrong" id="error-website">.*At most 10 characters\.</p>', page)
    assert 'value="https://far.too.long/"' in page


async def test_a_refusal_of_the_whole_form_stands_above_it(browser: Browser) -> None:
    page = (await browser.send_form("/app", {"name": "taken"})).text
    assert "<strong>Somebody else was first.</strong>" in page
    assert "aria-invalid" not in page


async def test_a_right_form_shows_no_error(browser: Browser) -> None:
    answer = await browser.send_form("/app", {"name": "Nightjar", "level": "read", "agree": "1", "kind": "native"})
    assert answer.status_code == 200
    assert 'id="errors"' not in answer.text
    assert re.search(r'value="read" checked', answer.text)
    assert re.search(r'name="agree" value="1" checked', answer.text)
    assert '<option value="native" selected>' in answer.text


@pytest.mark.attack("SR-165")
async def test_what_somebody_typed_is_text(browser: Browser) -> None:
    evil = "\"'><script>alert(1)</script>"
    page = (await browser.send_form("/app", {"name": evil, "lines": "</textarea>" + evil, "website": evil})).text
    assert "<script>alert" not in page
    assert "</textarea>&#34;" not in page


def test_sentences_and_their_places_are_text_unless_markup_was_built_for_them() -> None:
    say = sentences("en", "Bird & <Cage>")
    assert say("5 < 6 on %(site)s: %(name)s", name="<b>") == "5 &lt; 6 on Bird &amp; &lt;Cage&gt;: &lt;b&gt;"
    assert say("See %(link)s.", link=say("it")) == "See it."


async def test_a_link_to_elsewhere_leads_to_websites_only(browser: Browser) -> None:
    parts = browser.visited.renderer.template("web/parts.html", "en").module.__dict__
    assert 'href="https://example.org/"' in parts["away"]("https://example.org/", "there")
    assert parts["away"]("javascript:alert(1)", "there") == "there"


async def test_moments_are_told_twice(browser: Browser) -> None:
    page = (await browser.get("/components")).text
    assert re.search(
        r'<time datetime="2026-\d\d-\d\dT\d\d:\d\d:\d\dZ">[A-Z][a-z]+ \d+, 2026, \d\d:\d\d UTC</time>', page
    )
    assert re.search(r"<time [^>]*data-ago>3 hours ago</time>", page)


async def test_only_demo_servers_show_the_parts(sqlite_db: HeldDatabase) -> None:
    async with Browser(site(sqlite_db, PLAIN.replaced(demo=False))) as visitor:
        assert (await visitor.get("/components")).status_code == 404
