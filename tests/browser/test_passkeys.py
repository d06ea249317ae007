"""Passkeys in Chromium, with its virtual authenticator: made, used, taken as the second step, refused and removed."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Stage
from tests.browser.window import Window
from tests.flows.making import Person

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]


class Authenticator:
    """What unlocks passkeys on a device, for one window: a fingerprint reader that can be told to recognize nobody."""

    def __init__(self, client: Any, number: str) -> None:
        self._client, self._number = client, number

    async def knows(self, person: bool) -> None:
        await self._client.send("WebAuthn.setUserVerified", {"authenticatorId": self._number, "isUserVerified": person})

    async def credentials(self) -> list[dict[str, Any]]:
        found = await self._client.send("WebAuthn.getCredentials", {"authenticatorId": self._number})
        return list(found["credentials"])

    async def take(self, credential: dict[str, Any], **changes: Any) -> None:
        """Hold a passkey of another device, as a thief who copied it would."""
        await self._client.send(
            "WebAuthn.addCredential", {"authenticatorId": self._number, "credential": credential | changes}
        )


async def with_authenticator(window: Window) -> Authenticator:
    client = await window.context.new_cdp_session(window.page)
    await client.send("WebAuthn.enable")
    added = await client.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return Authenticator(client, added["authenticatorId"])


async def with_passkey(stage: Stage, person: Person) -> tuple[Window, Authenticator]:
    """Somebody signed in, with a passkey that they have just added."""
    window = await stage.window(person)
    device = await with_authenticator(window)
    await window.open("/settings/passkeys")
    await window.press("Add a passkey")
    await window.type(name="Ann's laptop")
    await window.press("Make the passkey")
    await window.is_at("/settings/passkeys")
    await window.sees("Ann's laptop", "Never used")
    return window, device


async def log_out(window: Window) -> None:
    await window.page.locator("details.account summary").click()
    await window.press("Log out")
    await window.is_at("/login")


async def test_somebody_adds_a_passkey_and_signs_in_with_it_alone(stage: Stage) -> None:
    ann = await stage.person()
    window, device = await with_passkey(stage, ann)
    (credential,) = await device.credentials()
    assert credential["isResidentCredential"]
    await log_out(window)
    await window.press("Sign in with a passkey")
    await window.is_at("/home")
    await expect(window.page.locator("details.account summary")).to_contain_text(ann.username)
    await window.open("/settings/passkeys")
    await window.misses("Never used")


async def test_a_device_that_does_not_know_the_person_opens_nothing(stage: Stage) -> None:
    window, device = await with_passkey(stage, await stage.person())
    await log_out(window)
    await device.knows(False)
    await window.button("Sign in with a passkey").click()
    await expect(window.page.get_by_role("alert")).to_contain_text("Your browser gave no passkey.")
    await window.is_at("/login")
    await device.knows(True)
    await window.press("Sign in with a passkey")
    await window.is_at("/home")


async def test_it_is_taken_in_the_place_of_a_code(stage: Stage) -> None:
    ann = await stage.person()
    window, _ = await with_passkey(stage, ann)
    await window.open("/settings/two-factor")
    await window.press("Ask for a passkey after the password")
    await window.sees("Two-factor authentication is on.")
    recovery = (await window.page.locator("#codes").inner_text()).split()
    await log_out(window)
    await window.sign_in(ann.username, ann.password, "Sign in")
    await window.sees("The password of", "was right")
    await window.press("Use a passkey")
    await window.is_at("/home")
    # Another device has no passkey: there the recovery code does it.
    other = await stage.window()
    await other.open("/login")
    await other.sign_in(ann.username, ann.password, "Sign in")
    await other.type(code=recovery[0])
    await other.press("Continue")
    await other.is_at("/home")


async def test_the_second_step_of_an_apps_request_takes_it_too(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window, _ = await with_passkey(stage, ann)
    await window.open("/settings/two-factor")
    await window.press("Ask for a passkey after the password")
    await log_out(window)
    await window.open(app.asking())
    await window.sign_in(ann.username, ann.password, "Sign in and authorize app")
    await window.press("Use a passkey and authorize")
    assert app.connected(window.page.url).username == ann.username


async def test_a_removed_passkey_opens_nothing(stage: Stage) -> None:
    ann = await stage.person()
    window, device = await with_passkey(stage, ann)
    await window.follow("Remove")
    await window.press("Remove")
    await window.sees("The passkey was removed.", "You have no passkey yet.")
    assert len(await device.credentials()) == 1, "the device still has it"
    await log_out(window)
    await window.press("Sign in with a passkey")
    assert window.status == 400
    await window.sees("This passkey was not accepted.")


async def test_a_copy_of_a_passkey_is_noticed_by_its_counter(stage: Stage) -> None:
    ann = await stage.person()
    window, device = await with_passkey(stage, ann)
    (credential,) = await device.credentials()
    await log_out(window)
    await window.press("Sign in with a passkey")
    await window.is_at("/home")
    thief = await stage.window()
    copied = await with_authenticator(thief)
    await copied.take(credential, signCount=0)
    await thief.open("/login")
    await thief.press("Sign in with a passkey")
    assert thief.status == 400
    await thief.is_at("/login/passkey")


@pytest.mark.parametrize("path", ["/login", "/settings/passkeys"])
async def test_without_scripts_the_page_says_what_to_do(stage: Stage, path: str) -> None:
    ann = await stage.person()
    window = await stage.window(*([ann] if path != "/login" else []), script=False)
    await window.open(path)
    if path != "/login":
        await window.press("Add a passkey")
    await window.sees("Passkeys need a browser that has them, with scripts switched on.")
    await expect(window.page.locator("form[data-passkey]")).to_be_hidden()
