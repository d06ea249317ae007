"""`volary demo`: what the README's first command shows."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import requests
from click.testing import CliRunner

from tests.ports import own_port
from tests.serving import serving
from volary.access.levels import Level
from volary.server.cli import cli
from volary.server.demo.browser import Browser
from volary.server.demo.people import PASSWORD
from volary.server.demo.running import Demo, running
from volary.server.demo.tour import walk
from volary.server.programs import DidNotStart, Program, throw_away, wait_until_answers

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running(tmp_path_factory.mktemp("demo"), 0, 0) as started:
        yield started


def signed_in(demo: Demo, username: str) -> Browser:
    browser = Browser()
    browser.open(f"{demo.platform}/login")
    browser.press("Sign in", username=username, password=PASSWORD)
    return browser


def test_the_whole_story_works(demo: Demo) -> None:
    said: list[str] = []
    assert walk(demo, said.append), "\n".join(said)


QUOTES = {"en": "“”", "nl": "‘’", "de": "„“"}


@pytest.mark.parametrize("path", ["/login", "the consent page"])
@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_whoever_signs_in_reads_as_whom(demo: Demo, path: str, language: str) -> None:
    session = requests.Session()
    session.headers["accept-language"] = language
    if path.startswith("/"):
        page = session.get(demo.platform + path, timeout=15)
    else:
        page = session.post(f"{demo.sample_app}/connect/2", timeout=15)
        assert page.url.startswith(f"{demo.platform}/i/oauth2/authorize")
    hint = next(
        line for line in page.text.splitlines() if f"{QUOTES[language][0]}{PASSWORD}{QUOTES[language][1]}" in line
    )
    assert not [name for name in demo.cast.usernames if name not in hint]
    assert "demo" in hint.lower()


def test_the_app_says_when_it_was_cut_off(demo: Demo) -> None:
    browser = signed_in(demo, "dave")
    browser.open(demo.sample_app)
    browser.press("Connect to Volary (OAuth 2.0)")
    browser.press("Authorize app")
    assert "Connected over OAuth 2.0 as Dave Dunn (@dave)." in browser.text
    assert "Cut off" not in browser.text
    browser.open(f"{demo.platform}/settings/apps")
    browser.press("Revoke access")
    browser.open(demo.sample_app)
    browser.press("Who am I?")
    assert "Cut off: the platform takes this app's token no more." in browser.text


def hearing() -> None:
    """Let a new program hear Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_the_sample_app_serves_a_platform_that_is_no_demo() -> None:
    """As a teacher starts it for a class, with what `volary app create --json` printed."""
    with serving() as server:
        address = f"http://127.0.0.1:{own_port()}"
        callbacks = (f"{address}/callback/1", f"{address}/callback/2")
        made = server.app("Class Garden", type="web", level=Level.READ_WRITE, callbacks=callbacks)
        command = [sys.executable, "-m", "volary.server.demo.sample_app", server.base, address]
        # Programs in the background are started deaf to Ctrl+C, and so would be what they start.
        app = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=hearing)  # noqa: PLW1509 - one thread
        try:
            assert app.stdin is not None
            app.stdin.write(msgspec.json.encode(made))
            app.stdin.close()
            wait_until_answers(address, Program(app, Path("/dev/null")))
            again = subprocess.run(
                command, input=msgspec.json.encode(made), capture_output=True, check=False, timeout=120
            )
            assert (again.returncode, again.stdout) == (1, b"")
            assert again.stderr == f"The sample app cannot listen at {address}: Address already in use\n".encode()
            browser = server.browser("ann")
            browser.open(address)
            browser.press("Connect to Volary (OAuth 2.0)")
            browser.press("Authorize app")
            assert "(@ann)." in browser.text
            other = Browser()
            other.open(f"{server.base}/login")
            assert PASSWORD not in other.text
        finally:
            app.send_signal(signal.SIGINT)
            app.wait(60)
            assert app.stdout is not None
            with app.stdout:
                said = app.stdout.read()
    assert said == f"The sample app answers at {address}. Press Ctrl+C to stop it.\n".encode()
    assert app.returncode == 0


def test_a_program_that_does_not_start_is_heard(tmp_path: Path) -> None:
    (tmp_path / "serve.log").write_text("volary: the disk is full\n")
    with subprocess.Popen(["false"]) as ended:
        ended.wait()
        with pytest.raises(DidNotStart) as raised:
            wait_until_answers("http://127.0.0.1:9", Program(ended, tmp_path / "serve.log"))
    assert str(raised.value) == "http://127.0.0.1:9 does not answer: the program ended\nvolary: the disk is full"


def test_an_installation_nearby_does_not_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "volary.toml").write_text('site_name = "Mine"\n')
    (tmp_path / "demo").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOLARY_SITE_NAME", "Mine too")
    _, settings = throw_away(tmp_path / "demo", 8000, DEMO="true")
    assert (settings.site_name, settings.demo) == ("Volary", True)


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "volary", "demo", "--json", "--port", str(port), "--app-port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told = ""
        while not told.endswith("\n}\n"):
            line = process.stdout.readline()
            assert line, process.communicate()
            told += line
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=30)
    assert complaint.startswith(f"Port {port} is taken: {json.loads(told)['platform']} instead.\n")
    assert complaint.endswith("Nothing of the demo is left.\n")
    assert process.returncode == 0


@pytest.mark.parametrize("ports", [("--port", "99999"), ("--port", "8123", "--app-port", "8123")])
def test_impossible_ports_are_refused_with_a_sentence(ports: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, ["demo", *ports])
    assert done.exit_code == 2
    assert "Error: " in done.output


def test_letters_lie_in_the_outbox(demo: Demo) -> None:
    """What the mail server of a real site would send: with the link, which works."""
    browser = signed_in(demo, "dave")
    browser.open(f"{demo.platform}/settings/account")
    browser.forms = [form for form in browser.forms if form.password]  # of two that say “Save”
    browser.press("Save", username="dave", password=PASSWORD, email="dave@new.example")
    visitor = Browser()
    visitor.open(demo.platform)
    assert "/outbox" in visitor.links
    deadline = time.monotonic() + 30
    while "dave@new.example" not in visitor.text and time.monotonic() < deadline:
        visitor.open(f"{demo.platform}/outbox")
    assert "Confirm your email address" in visitor.text
    link = next(link for link in visitor.links if "/settings/account/email?token=" in link)
    browser.open(link)
    browser.press("Confirm this address")
    assert "Your email address is confirmed." in browser.text


def test_only_a_demo_shows_everybodys_letters() -> None:
    with serving() as server:
        assert requests.get(f"{server.base}/outbox", timeout=15).status_code == 404
