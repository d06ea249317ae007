"""The whole story over HTTP, as a person and an app live it: connect, act, be cut off; by OAuth 2.0, by OAuth 1.0a, and with a PIN."""

import re
from collections.abc import Callable

from volary.server.demo.browser import Browser
from volary.server.demo.people import APP, PASSWORD
from volary.server.demo.running import Demo

Say = Callable[[str], None]
Step = Callable[["Tour"], str]


class Went(Exception):
    """A step did not go as it should; the text says what was expected."""


class Tour:
    """Ann's browser and the sample app."""

    def __init__(self, demo: Demo) -> None:
        self.platform, self.app = demo.platform, demo.sample_app
        self.browser = Browser()

    def at_app(self, button: str, **typed: str) -> None:
        """Go to the sample app and press a button there."""
        self.browser.open(self.app + "/")
        self.browser.press(button, **typed)

    def expect(self, *texts: str) -> None:
        """The page must say all of this. Raises Went."""
        for text in texts:
            if text not in self.browser.text:
                raise Went(f"expected “{text}” at {self.browser.url}, which says: {self.browser.text[:600]}")

    def expect_at(self, start: str) -> None:
        """The browser must have arrived at a URL that begins so. Raises Went."""
        if not self.browser.url.startswith(start):
            raise Went(f"expected to be at {start}, not {self.browser.url}: {self.browser.text[:300]}")


def walk(demo: Demo, say: Say) -> bool:
    """Walk every step and say what happened; False when one did not go as it should."""
    tour = Tour(demo)
    for number, step in enumerate(STEPS, 1):
        try:
            said = step(tour)
        except (Went, LookupError) as error:
            say(f"{number:2}. {(step.__doc__ or '').strip()}\n    FAILED: {error}")
            return False
        say(f"{number:2}. {(step.__doc__ or '').strip()}\n    {said}")
    say("\nThe whole story works.")
    return True


def _asks(tour: Tour) -> str:
    """Ann, signed in nowhere, lets the sample app send her to the platform (OAuth 2.0)."""
    tour.at_app("Connect to Volary (OAuth 2.0)")
    tour.expect_at(f"{tour.platform}/i/oauth2/authorize")
    tour.expect(APP, "Things this App can view", "Things this App can do")
    return "The consent page names the app and lists what it could view and do."


def _signs_in(tour: Tour) -> str:
    """She types her password there, not at the app, and connects in one press."""
    tour.browser.press("Sign in and authorize app", username="ann", password=PASSWORD)
    tour.expect_at(tour.app)
    tour.expect("Connected over OAuth 2.0 as Ann Ameland (@ann).")
    return "Back at the app, which knows who she is and never saw her password."


def _posts(tour: Tour) -> str:
    """The app posts in her name."""
    tour.at_app("Post", text="The beans are up!")
    tour.expect("POST /2/tweets 201", "The beans are up!")
    return "201: the post is hers, and says which app made it."


def _refreshes(tour: Tour) -> str:
    """It trades its refresh token for new ones."""
    tour.at_app("Refresh the tokens")
    tour.expect("New tokens are here")
    return "The old refresh token is dead; using it again would end them all."


def _sees(tour: Tour) -> str:
    """Ann looks at Apps and sessions."""
    tour.browser.open(f"{tour.platform}/settings/apps")
    tour.expect("Apps and sessions", APP, "Post and repost for you.")
    return "The app stands there with its permissions."


def _revokes(tour: Tour) -> str:
    """She presses Revoke access."""
    tour.browser.press("Revoke access")
    if tour.browser.has("Revoke access"):
        tour.browser.press("Revoke access")
    tour.browser.open(f"{tour.platform}/settings/apps")
    if APP in tour.browser.text and tour.browser.has("Revoke access"):
        raise Went("the app is still listed")
    return "The row is gone."


def _refused(tour: Tour) -> str:
    """The app tries once more."""
    tour.at_app("Who am I?")
    tour.expect("GET /2/users/me 401")
    tour.at_app("Disconnect")
    return "401 on the very next call."


def _connects_again(tour: Tour) -> str:
    """She connects it again, over OAuth 1.0a this time; she is still signed in."""
    tour.at_app("Connect to Volary (OAuth 1.0a)")
    tour.expect_at(f"{tour.platform}/oauth/authorize")
    tour.expect("will be able to", "will not be able to")
    tour.browser.press("Authorize app")
    tour.expect("Connected over OAuth 1.0a as Ann Ameland (@ann).")
    return "One press, no password."


def _posts_signed(tour: Tour) -> str:
    """The app posts with a signed request."""
    tour.at_app("Post", text="And the peas!")
    tour.expect("POST /2/tweets 201")
    tour.at_app("Disconnect")
    tour.expect("Disconnected.")
    return "201; then the app gives its token back itself."


def _pin(tour: Tour) -> str:
    """A program without a web page uses a PIN."""
    tour.at_app("Get a PIN")
    tour.browser.press("Authorize app")
    found = re.search(r"\b\d(?:\s?\d){6}\b", tour.browser.text)
    if found is None:
        raise Went(f"there is no PIN at {tour.browser.url}: {tour.browser.text[:300]}")
    tour.at_app("Use this PIN", pin=re.sub(r"\s", "", found[0]))
    tour.expect("Connected over OAuth 1.0a as Ann Ameland (@ann).")
    tour.at_app("Disconnect")
    return "She typed it into the app; it works once."


def _cancels(tour: Tour) -> str:
    """She changes her mind and cancels."""
    tour.at_app("Connect to Volary (OAuth 2.0)")
    tour.browser.press("Cancel")
    tour.expect("You did not give access (access_denied).")
    return "The app learns that access was denied, and nothing else."


def _logs_out(tour: Tour) -> str:
    """She logs out all other sessions and stays here."""
    other = Browser()
    other.open(f"{tour.platform}/login")
    other.press("Sign in", username="ann", password=PASSWORD)
    tour.browser.open(f"{tour.platform}/settings/sessions")
    tour.expect("this computer")
    tour.browser.press("Log out all other sessions")
    other.open(f"{tour.platform}/settings/sessions")
    if not other.url.startswith(f"{tour.platform}/login"):
        raise Went("the other browser is still signed in")
    tour.browser.open(f"{tour.platform}/settings/sessions")
    tour.expect_at(f"{tour.platform}/settings/sessions")
    return "The other browser has to sign in again."


STEPS: tuple[Step, ...] = (
    *(_asks, _signs_in, _posts, _refreshes, _sees, _revokes, _refused),
    *(_connects_again, _posts_signed, _pin, _cancels, _logs_out),
)
