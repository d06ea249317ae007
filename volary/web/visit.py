"""A visit: one request for a page, who makes it, and the answers that its handler can give."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from volary.db import Database
from volary.kit.errors import Refusal, Unauthenticated
from volary.kit.hosts import is_loopback
from volary.kit.resources import Resources
from volary.kit.secrets import mint
from volary.language import mark as _
from volary.language import translate, translate_plural
from volary.settings import Settings
from volary.web import cookies, csrf, notices
from volary.web.headers import form_target
from volary.web.kinds import Kind, kind_of
from volary.web.local import local_path
from volary.web.reading import Upload, fields

if TYPE_CHECKING:
    from volary.web.site import Site

REFUSAL = "refusal"
"""Under which name the server finds why an App was refused, in the state of the request."""

BROWSER = "visit"
"""The cookie that stands for a browser in which nobody is signed in: forms and waiting authorizations are bound to it."""


class SignedIn(msgspec.Struct, frozen=True):
    """An account that is signed in in this browser, by one of its sessions."""

    account_id: int
    username: str
    name: str
    session_id: int
    language: str = ""
    time_zone: str = "Etc/UTC"
    operator: bool = False
    """Whether this account governs the installation."""


class VisitorResolver:
    """Finds who is signed in in a browser. The sessions room derives from this and the server puts it among the resources."""

    async def resolve(self, db: Database, cookies: Mapping[str, str]) -> tuple[SignedIn, ...]:
        """The accounts signed in, the current one first. Cookies come under their short names."""
        return ()


class Visit:
    """What a handler is given. The ring has filled it in before the handler runs."""

    def __init__(self, site: "Site", request: Request, origin: str, address: str, request_id: str) -> None:
        self.site = site
        self.request = request
        self.origin = origin
        """The public origin under which the visitor reached us."""
        self.address = address
        """The visitor's IP address, as far as trusted proxies tell it."""
        self.request_id = request_id
        self.language = "en"
        self.accounts: tuple[SignedIn, ...] = ()
        """Who is signed in in this browser, the current account first."""
        self.form: dict[str, str] = {}
        self.files: dict[str, Upload] = {}
        self.path: dict[str, str] = {}
        """The parts of the path that the door leaves open, by name."""
        self.form_targets: list[str] = []
        self.set_cookies: dict[str, str] = {}

    @property
    def resources(self) -> Resources:
        """The process's long-lived things, by type."""
        return self.site.resources

    @property
    def settings(self) -> Settings:
        return self.site.settings

    @property
    def db(self) -> Database:
        return self.site.db

    @property
    def current(self) -> SignedIn | None:
        """The account that acts in this browser now."""
        return self.accounts[0] if self.accounts else None

    @property
    def me(self) -> SignedIn:
        """The account that acts in this browser, behind a door that only signed-in people pass."""
        if self.current is None:
            raise Unauthenticated(
                _("Sign in first."), why="a handler asked who is signed in on a door that lets anybody in"
            )
        return self.current

    @property
    def zone(self) -> str:
        """The time zone in which times are shown: the current account's own."""
        return self.current.time_zone if self.current else "Etc/UTC"

    @property
    def user_agent(self) -> str:
        """What the browser calls itself, at most 500 characters of it."""
        return self.request.headers.get("user-agent", "")[:500]

    @property
    def secure(self) -> bool:
        """Whether the visitor reached us over https."""
        return self.origin.startswith("https:")

    @property
    def reach(self) -> str:
        """How people reach this server: `secure` (https), `local` (this computer, plain) or `plain` (a network, without https)."""
        if self.settings.secure:
            return "secure"
        return "local" if is_loopback(self.settings.public_url) else "plain"

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the address, each at most once. Raises Invalid, which answers 400."""
        return fields(self.request.scope["query_string"].decode("ascii", "replace"))

    @property
    def as_asked(self) -> str:
        """Path and query as the visitor asked for them, below the public address: to be written behind an origin of ours."""
        query = self.request.scope["query_string"].decode("ascii", "ignore")
        path = quote(self.request.scope["path"])
        return self.settings.path_prefix + path + (f"?{query}" if query else "")

    repeats_query = True
    """Whether this page may repeat the query of its address: not where that names a place to which nobody is to be led (SR-001)."""

    @property
    def here(self) -> str:
        """The local path of this page with its query: what `then` carries to the sign-in page."""
        query = self.request.scope["query_string"].decode("ascii", "replace") if self.repeats_query else ""
        return local_path(quote(self.request.scope["path"]) + (f"?{query}" if query else ""))

    # ------------------------------------------------------------------------------------------------------------- words

    def t(self, sentence: str, /, **parameters: object) -> str:
        """A sentence in the visitor's language; %(site)s is the site's name."""
        return translate(self.language, sentence, **{"site": self.settings.site_name, **parameters})

    def n(self, one: str, many: str, number: int, /, **parameters: object) -> str:
        """The form of a sentence that fits a number, which fills %(n)s."""
        return translate_plural(self.language, one, many, number, **{"site": self.settings.site_name, **parameters})

    # ----------------------------------------------------------------------------------------------------------- cookies

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The request's cookies under their short names."""
        return cookies.read(cookies.joined(self.request.headers), secure=self.secure)

    def set_cookie(self, name: str, value: str, *, max_age: int | None = None) -> None:
        """Send a cookie with the answer; `max_age` in seconds, None for as long as the browser stays open."""
        self.set_cookies[name] = cookies.written(name, value, secure=self.secure, max_age=max_age)

    def drop_cookie(self, name: str) -> None:
        """Have the browser forget a cookie."""
        self.set_cookie(name, "", max_age=0)

    @cached_property
    def browser_key(self) -> str:
        """A random name for this browser while nobody is signed in, kept in a cookie that is made when it is first asked for."""
        held = self.cookies.get(BROWSER, "")
        if len(held) == len(key := mint()):
            return held
        self.set_cookie(BROWSER, key)
        return key

    def renew_browser_key(self) -> None:
        """Forget the browser's random name: call this where somebody signs in or out, so that the old one is worth nothing."""
        self.drop_cookie(BROWSER)

    @property
    def binding(self) -> str:
        """What forms and waiting requests of this visit are bound to: the session, or the browser while nobody is signed in."""
        return self.binding_of(self.current) if self.current else f"browser:{self.browser_key}"

    @staticmethod
    def binding_of(account: SignedIn) -> str:
        """What the forms of an account's own session are bound to."""
        return f"session:{account.session_id}"

    @property
    def csrf(self) -> str:
        """The token for this visit's forms."""
        return csrf.token_for(self.db.keys, self.binding)

    # ----------------------------------------------------------------------------------------------------------- answers

    def render(self, template: str, status: int = 200, **context: object) -> Response:
        """Answer with a page."""
        page = self.site.renderer.template(template, self.language)
        return HTMLResponse(page.render(visit=self, **context), status)

    def redirect(self, path: str, status: int = 303, *, notice: str | None = None, **parameters: str | int) -> Response:
        """Send the visitor on to a page of ours; `notice` is a sentence that the next page shows once.

        Raises ValueError when the path is not a local one: check texts of the request with `local_path` before.
        """
        if local_path(path, "") != path:
            raise ValueError(f"{path!r} is not a path of this server")
        if notice is not None:
            self.set_cookie(notices.COOKIE, notices.sealed(self.db.keys, self.binding, notice, parameters))
        return Response(status_code=status, headers={"location": self.settings.path_prefix + path})

    def leave(self, url: str, status: int = 303) -> Response:
        """Send the visitor to another site or app, to exactly this URL. Raises ValueError when it cannot stand in a header."""
        if not url.isascii() or not url.isprintable() or " " in url:
            raise ValueError("the URL cannot be written into a header")
        return Response(status_code=status, headers={"location": url})

    def problem(
        self,
        status: int,
        text: str,
        *,
        kind: Kind | None = None,
        title: str | None = None,
        then: str | None = None,
        way: tuple[str, str] | None = None,
        back: tuple[str, str] | None = None,
        developer: Mapping[str, str] | None = None,
    ) -> Response:
        """A page that explains: what happened and what to do now (translated already), a code, and what a developer wants to know.

        `back` is a link to another site, an address that was checked and its words. What is not given comes from the kind of problem, and
        that from the status.
        """
        kind = kind or kind_of(status)
        return self.render(
            "web/problem.html",
            status,
            title=title or self.t(kind.title),
            text=text,
            then=then or self.t(kind.next),
            code=kind.code,
            rule=self.t(kind.rule) if kind.rule else "",
            way=way or kind.way,
            back=back,
            article=kind.article,
            number=status,
            developer=dict(developer or {}),
        )

    def refused_to(self, refusal: Refusal) -> None:
        """Let the server note why an App was refused, where the refusal says which App that is."""
        if refusal.clue is not None and refusal.clue.app_id:
            self.request.scope.setdefault("state", {})[REFUSAL] = refusal

    def allow_form_target(self, url: str) -> None:
        """Let a form on this answer end, by redirects, at this URL's origin or app scheme (SR-129)."""
        self.form_targets.append(form_target(url))

    def at(self, path: str) -> bool:
        """Whether this page is at a path or below it: navigation marks where one is."""
        here: str = self.request.scope["path"]
        return here == path or here.startswith(path + "/")

    def has_door(self, path: str, method: str = "GET") -> bool:
        """Whether this server has a page there: what does not exist is not linked."""
        return self.site.has_door(method, path)

    @cached_property
    def notice(self) -> str | None:
        """What the page before asked to be said, in the visitor's language; read once."""
        held = self.cookies.get(notices.COOKIE)
        if not held:
            return None
        self.drop_cookie(notices.COOKIE)
        told = notices.opened(self.db.keys, self.binding, held)
        return self.t(told[0], **told[1]) if told else None
