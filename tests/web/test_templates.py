"""Rules for the templates of every room."""

import re
from pathlib import Path

import pytest

from volary.settings import Settings
from volary.web.render import PACKAGE, Renderer

TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
RENDERER = Renderer(Settings())


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_can_be_read(path: Path) -> None:
    template = "/".join(path.relative_to(PACKAGE).parts[2:])
    assert RENDERER.template(template, "en").name == template
    assert path.relative_to(PACKAGE).parts[0] == path.relative_to(PACKAGE).parts[2], "a room's templates bear its name"


@pytest.mark.attack("SR-141")
@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_needs_nothing_that_the_policy_forbids(path: Path) -> None:
    """No script or style of its own, nothing from elsewhere, no way around escaping."""
    text = path.read_text("utf-8")
    handlers = r"\son(?:click|load|error|submit|change|input|key|mouse|pointer|focus|blur|toggle)\w*="
    assert not re.findall(rf"<style|<script(?! src=)|\sstyle=|javascript:|{handlers}", text, re.IGNORECASE)
    assert not re.findall(r"""(?:src|href|action)=["']//|<(?:link|img|script)[^>]*["']https?:""", text)
    assert not re.findall(r"\|\s*safe\b|Markup|autoescape", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_addresses_know_where_the_site_lives(path: Path) -> None:
    """A path of ours goes through to(…), since the site may live below another path."""
    assert not re.findall(r"""(?:href|src|action)=["']/[^"']*""", path.read_text("utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_form_posts_with_its_token(path: Path) -> None:
    for form in re.findall(r"<form.*?</form>", path.read_text("utf-8"), re.DOTALL):
        start = form.partition(">")[0]
        assert 'method="get"' in start or 'method="post"' in start
        assert ("visit.csrf" in form) == ('method="post"' in start), "a token in an address would be seen by others"
