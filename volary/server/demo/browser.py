"""A browser without windows: follows redirects, keeps cookies, reads forms and presses their buttons. For the demo's tour."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

TIMEOUT = 15


class Form:
    """A form as it stands on a page."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.action = attributes.get("action", "")
        self.method = attributes.get("method", "get").lower()
        self.fields: dict[str, str] = {}
        self.username = self.password = ""
        """The names of the fields that ask who somebody is."""
        self.buttons: list[tuple[str, str, str]] = []
        """Name, value and label of each button."""


class _Reader(HTMLParser):
    """Collects forms, and the text that a person would read."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._open: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._button: tuple[Form, str, str] | None = None
        self._label: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(attributes.get("href", ""))
        if tag == "form":
            self._open = Form(attributes)
            self.forms.append(self._open)
            if attributes.get("id"):
                self._by_id[attributes["id"]] = self._open
        form = self._by_id.get(attributes.get("form", ""), self._open)
        if form is None:
            return
        if tag == "input" and attributes.get("name"):
            _note(form, attributes)
        elif tag == "button":
            self._button = (form, attributes.get("name", ""), attributes.get("value", ""))
            self._label = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "button" and self._button is not None:
            form, name, value = self._button
            form.buttons.append((name, value, " ".join("".join(self._label).split())))
            self._button = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._button is not None:
            self._label.append(data)


def _note(form: Form, attributes: dict[str, str]) -> None:
    name, kind = attributes["name"], attributes.get("type", "text")
    if kind in {"checkbox", "radio"} and "checked" not in attributes:
        return
    form.fields[name] = attributes.get("value", "")
    if kind == "password":
        form.password = name
    elif "username" in attributes.get("autocomplete", ""):
        form.username = name


class Browser:
    """One person's browser."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self.url = ""
        self.status = 0
        self.text = ""
        self.forms: list[Form] = []
        self.links: list[str] = []

    def open(self, url: str) -> None:
        """Go to a page."""
        self._arrived(self._session.get(urljoin(self.url, url), timeout=TIMEOUT))

    def has(self, label: str) -> bool:
        """Whether the page has a button of this name."""
        return any(label == one for form in self.forms for _, _, one in form.buttons)

    def press(self, label: str, username: str = "", password: str = "", **typed: str) -> None:
        """Fill in what is given and press a button by its name. Raises LookupError when the page has none."""
        for form in self.forms:
            for name, value, one in form.buttons:
                if one == label:
                    self._submit(form, {name: value} if name else {}, username, password, typed)
                    return
        raise LookupError(f"there is no button “{label}” at {self.url}")

    def _submit(self, form: Form, button: dict[str, str], username: str, password: str, typed: dict[str, str]) -> None:
        fields: dict[str, Any] = {**form.fields, **typed, **button}
        if form.username and username:
            fields[form.username] = username
        if form.password and password:
            fields[form.password] = password
        url = urljoin(self.url, form.action or self.url)
        if form.method == "post":
            self._arrived(self._session.post(url, data=fields, timeout=TIMEOUT))
        else:
            self._arrived(self._session.get(url, params=fields, timeout=TIMEOUT))

    def _arrived(self, answer: requests.Response) -> None:
        reader = _Reader()
        reader.feed(answer.text)
        self.url, self.status = answer.url, answer.status_code
        self.text, self.forms = " ".join("".join(reader.words).split()), reader.forms
        self.links = reader.links
