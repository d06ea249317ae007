"""A browser without a window: cookies, pages as trees, forms filled in and pressed as they stand on the page.

Nothing is sent that the page does not hold: a test that wants to cheat says so with `edited` or `posted`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2 as httpx
from starlette.types import ASGIApp

ORIGIN = "http://localhost:8000"
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}


class Element:
    """One element of a page."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    @property
    def text(self) -> str:
        """What a reader sees of it, blanks made single."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join("".join(parts).split())

    def every(self, tag: str, **attributes: str) -> list[Element]:
        """The elements below with this tag and these attributes, in document order; `class_` is one of the classes."""
        wanted_class = attributes.pop("class_", None)
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            fits = child.tag == tag and all(child.get(name) == value for name, value in attributes.items())
            if fits and (wanted_class is None or wanted_class in (child.get("class") or "").split()):
                found.append(child)
            found += child.every(tag, **attributes, **({"class_": wanted_class} if wanted_class else {}))
        return found

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.every(tag, **attributes)
        assert len(found) == 1, f"{len(found)} <{tag}> {attributes}"
        return found[0]


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._at = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.children.append(element)
        if tag not in _EMPTY:
            self._at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._at.children.append(Element(tag, {name: value or "" for name, value in attrs}, self._at))

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        assert self._at.tag == tag, f"</{tag}> closes <{self._at.tag}>"
        assert self._at.parent is not None
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        if self._at.tag not in {"script", "style"}:
            self._at.children.append(data)


class Form:
    """A form as it stands on a page, to be filled in."""

    def __init__(self, element: Element, page: str) -> None:
        self.element = element
        self.action = urljoin(page, element.get("action") or page)
        self.values: dict[str, str] = {}
        for field in element.every("input"):
            kind = field.get("type")
            if field.get("name") and (kind not in {"radio", "checkbox"} or field.get("checked") is not None):
                self.values[field["name"]] = field.get("value") or ""
        for area in element.every("textarea"):
            self.values[area["name"]] = "".join(child for child in area.children if isinstance(child, str))[1:]
        for menu in element.every("select"):
            options = menu.every("option")
            shown = [option for option in options if option.get("selected") is not None] or options[:1]
            self.values[menu["name"]] = shown[0]["value"]

    @property
    def buttons(self) -> list[str]:
        return [button.text for button in self.element.every("button", type="submit")]

    def filled(self, **values: str) -> Self:
        """Type into fields, or choose radio buttons, that are there."""
        for name, value in values.items():
            fields = [field for tag in ("input", "textarea", "select") for field in self.element.every(tag, name=name)]
            assert fields, f"there is no field {name}"
            if fields[0].tag == "select":
                assert value in [option["value"] for option in fields[0].every("option")]
            if fields[0].get("type") == "radio":
                assert value in [field.get("value") for field in fields]
            else:
                assert fields[0].get("type") != "hidden", f"nobody can type into {name}"
            self.values[name] = value
        return self

    def edited(self, **values: str) -> Self:
        """Change what no person could: hidden fields, and fields that are not there."""
        self.values.update(values)
        return self

    def pressed(self, button: str) -> dict[str, str]:
        """What the browser sends when a button is pressed."""
        found = self._button(button)
        name = found.get("name")
        return self.values | ({name: found.get("value") or ""} if name else {})

    def leads_to(self, button: str) -> str:
        """Where the browser sends it when a button is pressed: a button may have a place of its own."""
        return urljoin(self.action, self._button(button).get("formaction") or self.action)

    def _button(self, label: str) -> Element:
        found = [one for one in self.element.every("button", type="submit") if one.text == label]
        assert len(found) == 1, f"no single button {label!r} among {self.buttons}"
        return found[0]


class Page:
    """An answer that the browser shows."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.headers = answer.headers
        tree = _Tree()
        if answer.headers.get("content-type", "").startswith("text/html"):
            tree.feed(answer.text)
        self.root = tree.root

    @property
    def text(self) -> str:
        """What stands in the main part."""
        return self.root.one("main").text

    @property
    def title(self) -> str:
        return self.root.one("title").text

    @property
    def headings(self) -> list[str]:
        return [heading.text for level in ("h1", "h2") for heading in self.root.one("main").every(level)]

    def below(self, heading: str) -> list[str]:
        """The lines of the list that follows a heading in the same section."""
        found = [one for level in ("h2", "h3") for one in self.root.every(level) if one.text == heading]
        assert len(found) == 1, f"{len(found)} headings {heading!r}"
        section = found[0].parent
        while section is not None and section.tag != "section":
            section = section.parent
        assert section is not None
        return [line.text for line in section.every("li")]

    def form(self) -> Form:
        """The only form in the main part that is shown without scripts."""
        (found,) = self.forms()
        return found

    def forms(self, *, hidden: bool = False) -> list[Form]:
        """The forms in the main part; `hidden` are those that a script shows."""
        found = self.root.one("main").every("form")
        return [Form(one, str(self.answer.url)) for one in found if (one.get("hidden") is not None) == hidden]

    def link(self, text: str) -> str:
        """Where a link with this text leads."""
        found = {link["href"] for link in self.root.every("a") if link.text == text}
        assert len(found) == 1, f"{len(found)} links {text!r}"
        return found.pop()

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        assert self.status == 303, self.status
        return self.headers["location"]


class Browser:
    """Visits one site in process, and keeps its cookies."""

    def __init__(
        self,
        site: ASGIApp,
        *,
        language: str = "en",
        agent: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/145",
        address: str = "192.0.2.10",
        origin: str = ORIGIN,
    ) -> None:
        self.origin = origin
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=site, client=(address, 40000)),
            base_url=origin,
            headers={"accept-language": language, "user-agent": agent},
        )

    async def open(self, path: str, *, headers: dict[str, str] | None = None, method: str = "GET") -> Page:
        """Go to a path. Redirects are not followed."""
        return Page(await self.client.request(method, path, headers=headers or {}))

    async def press(self, page: Page, button: str, **typed: str) -> Page:
        """Fill in the page's only form and press a button."""
        return await self.send(page.form().filled(**typed), button)

    async def send(self, form: Form, button: str, headers: dict[str, str] | None = None) -> Page:
        """Press a button of a form."""
        there = form.leads_to(button)
        assert urlsplit(there).netloc == urlsplit(self.origin).netloc
        return await self.posted(there, form.pressed(button), headers)

    async def posted(self, url: str, values: dict[str, str], headers: dict[str, str] | None = None) -> Page:
        """Send a form that stands on no page."""
        return await self.posted_raw(url, list(values.items()), headers)

    async def posted_raw(self, url: str, values: list[tuple[str, str]], headers: dict[str, str] | None = None) -> Page:
        """Send fields as they are, even twice."""
        content = urlencode(values)
        told = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": self.origin,
            "sec-fetch-site": "same-origin",
        }
        return Page(await self.client.post(url, content=content, headers=told | (headers or {})))

    async def send_slowly(self, form: Form, button: str, meanwhile: Callable[[], Awaitable[object]]) -> Page:
        """Press a button of a form, and let something happen before the last byte of the form is sent."""
        body = urlencode(form.pressed(button)).encode()

        async def in_two_parts() -> AsyncIterator[bytes]:
            yield body[:-1]
            await meanwhile()
            yield body[-1:]

        told = {"content-type": "application/x-www-form-urlencoded"}
        return Page(await self.client.post(form.action, content=in_two_parts(), headers=told))

    def hold(self, name: str, value: str) -> None:
        """Keep a cookie, as if it had been set by this site."""
        self.client.cookies.set(name, value, domain="localhost.local", path="/")
