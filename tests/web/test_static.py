"""Style, script and pictures, and the accent colour."""

import gzip
import re

import pytest

from tests.conftest import HeldDatabase
from tests.web.stage import PLAIN, Browser, site
from volary.web.accent import BLACK, DARK_GROUND, LIGHT_GROUND, WHITE, accent_rules, contrast, readable
from volary.web.static import FOLDER, assets


async def test_files_are_served_under_their_hash_and_kept_forever(browser: Browser) -> None:
    page = (await browser.get("/")).text
    paths = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert {re.sub(r"\.[0-9a-f]{12}\.", ".", path) for path in paths} == {
        "/static/volary.css",
        "/static/volary.js",
        "/static/icons.svg",
        "/static/mark.svg",
    }
    for path in paths:
        answer = await browser.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers


async def test_files_are_zipped_for_those_who_take_it(browser: Browser) -> None:
    path = assets("").path("volary.css")
    zipped = await browser.get(path, headers={"accept-encoding": "gzip"})
    whole = await browser.get(path, headers={"accept-encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in whole.headers
    assert zipped.text == whole.text
    assert int(zipped.headers["content-length"]) < len(gzip.compress(whole.content)) + 100


@pytest.mark.parametrize(
    "path",
    [
        "/static/volary.css",
        "/static/volary.000000000000.css",
        "/static/../site.py",
        "/static/",
        "/static/css/00-tokens.css",
    ],
)
async def test_nothing_else_is_served(browser: Browser, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (FOLDER / "icons.svg").read_text()))
    for template in FOLDER.parent.parent.glob("*/templates/**/*.html"):
        named = set(re.findall(r"""icon\(["']([\w-]+)["']""", template.read_text()))
        assert named <= drawn, f"{template}: {named - drawn}"


async def test_an_operators_accent_is_part_of_the_style(sqlite_db: HeldDatabase) -> None:
    async with Browser(site(sqlite_db, PLAIN.replaced(accent="#ff8800"))) as visitor:
        page = (await visitor.get("/")).text
        path = re.findall(r'href="(/static/volary\.[^"]+)', page)[0]
        style = (await visitor.get(path)).text
    assert path != assets("").path("volary.css")
    assert style.rstrip().endswith("}")
    assert "@layer accent{:root{--accent:#" in style


@pytest.mark.parametrize(
    "accent", ["#ffffff", "#000000", "#ff8800", "#ffee00", "#0b5f62", "#777777", "#00ff00", "#0000ff"]
)
def test_any_accent_can_be_read(accent: str) -> None:
    rules = accent_rules(accent)
    colours = [
        tuple(int(text[at : at + 2], 16) for at in (1, 3, 5)) for text in re.findall(r"--accent:(#\w{6})", rules)
    ]
    light, dark = (colour for colour in colours if len(colour) == 3)
    assert contrast(light, LIGHT_GROUND) >= 4.5
    assert contrast(light, WHITE) >= 4.5
    assert contrast(dark, DARK_GROUND) >= 4.5


@pytest.mark.parametrize("accent", ["", "red", "#12345", "#12345g", "#ffffff;}body{display:none", "var(--x)"])
def test_what_is_no_colour_changes_nothing(accent: str) -> None:
    assert accent_rules(accent) == ""


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast((118, 118, 118), WHITE) == pytest.approx(4.54, abs=0.01)
    assert readable((11, 95, 98), WHITE, towards=BLACK) == (11, 95, 98)


def test_the_products_own_colours_can_be_read() -> None:
    """Every pair of text and ground that the style uses, in light and in dark."""
    style = (FOLDER / "css" / "00-tokens.css").read_text()
    light, dark = style.split("prefers-color-scheme: dark")
    for part in (light, dark):
        tokens = dict(re.findall(r"--([\w-]+): (#\w{6})", part))
        colour = {name: tuple(int(text[at : at + 2], 16) for at in (1, 3, 5)) for name, text in tokens.items()}
        pairs = [
            (text, ground)
            for text in ("ink", "muted", "accent", "danger")
            for ground in ("ground", "surface", "sunken")
        ]
        pairs += [(name, f"{name}-soft") for name in ("good", "warning", "danger")]
        pairs += [("on-accent", "accent"), ("on-danger", "danger"), ("ink", "danger-soft"), ("ink", "warning-soft")]
        weak = {pair: round(contrast(colour[pair[0]], colour[pair[1]]), 2) for pair in pairs}  # type: ignore[arg-type]
        assert not {pair: ratio for pair, ratio in weak.items() if ratio < 4.5}


@pytest.mark.attack("SR-128")
async def test_files_are_shown_in_nobodys_frame(browser: Browser) -> None:
    for name in ("volary.css", "volary.js", "mark.svg"):
        answer = await browser.get(assets("").path(name))
        assert answer.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert "set-cookie" not in answer.headers
