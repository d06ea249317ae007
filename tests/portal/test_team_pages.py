"""Teams by their pages: invited, joined, changed, left; the tier; the history; and an App that comes back."""

import re
from pathlib import Path

import pytest

import volary.developers
from tests.cast import ANN, BOB, DAVE, DEV, people
from tests.conftest import HeldDatabase
from tests.developers.making import EVERYTHING, join, new_app, new_developer, new_project, own_team
from tests.oauth.consent.walking import Browser, Page
from tests.portal.site import SETTINGS, Place, form_with, shown, site_of
from volary.accounts.rules.hashing import PasswordHasher
from volary.developers import actions, queries
from volary.developers.rules.roles import ADMINISTRATOR, DEVELOPER
from volary.kit.clock import DAY
from volary.kit.secrets import digest
from volary.portal.actions import give_app, remove_app
from volary.portal.pages.history import SENTENCES

pytestmark = pytest.mark.anyio


async def press(browser: Browser, page: Page, button: str, **typed: str) -> Page:
    """Fill in the form that a button stands in, and press it."""
    return await browser.send(form_with(page, button).filled(**typed), button)


async def page_of(browser: Browser, path: str) -> str:
    page = await browser.open(path)
    assert page.status == 200, page.text
    return page.text


@pytest.mark.claim("C161", "C162")
async def test_from_an_invitation_to_leaving(sqlite_place: Place) -> None:
    db, cast = sqlite_place.db, sqlite_place.cast
    await new_developer(db, cast.dev.id)
    app = (await new_app(db, cast.dev.id)).app
    dev, ann = await sqlite_place.browser_of(DEV), await sqlite_place.browser_of(ANN)
    home = f"/portal/teams/{app.team_id}"
    team = await dev.open(home)
    refused = await press(dev, team, "Invite", username="nobody_here", role=DEVELOPER)
    assert refused.status == 404
    assert "There is no account @nobody_here." in refused.root.one("p", id="error-username").text
    assert (await press(dev, team, "Invite", username="@ann", role=DEVELOPER)).location == home
    assert "@ann is invited." in await page_of(dev, home)

    invited = await ann.open("/portal")
    assert "@dev invites you to the team dev." in invited.text
    invitation = await ann.open(invited.link("See the invitation"))
    form = form_with(invitation, "Accept invitation")
    assert (await ann.send(form.edited(agreed=""), "Accept invitation")).status == 400
    joined = await ann.send(form.filled(agreed="1"), "Accept invitation")
    dashboard = await ann.open(joined.location)
    assert "Photo Frame" in dashboard.text
    assert "Create" not in dashboard.text, "a developer creates nothing"
    details = await ann.open(f"/portal/apps/{app.id}")
    assert "You see this App as a member of its team." in details.text
    assert not [one for one in details.forms() if "Save" in one.buttons]
    assert "Delete App" not in details.text
    assert (await ann.open(invited.link("See the invitation"))).status == 404

    member = await dev.open(f"{home}/members/{cast.ann.id}")
    assert (await press(dev, member, "Save", role=ADMINISTRATOR)).location == home
    assert "Create standalone App" in await page_of(ann, f"/portal?team={app.team_id}")
    made = await press(
        ann, await ann.open(f"/portal/apps/new?team={app.team_id}"), "Create App", name="Ann's", project="standalone"
    )
    assert "API Key" in shown(made)
    ask = await ann.open(f"{home}/leave")
    assert (await press(ann, ask, "Leave the team")).location == "/portal"
    assert (await ann.open(home)).status == 404
    assert {one.owner_id for one in await queries.apps_of_member(db, cast.dev.id)} == {cast.dev.id}
    alone = await press(dev, await dev.open(f"{home}/leave"), "Leave the team")
    assert alone.status == 409
    assert "The team needs an administrator." in alone.text
    history = await page_of(dev, f"{home}/history")
    for sentence in ("@ann left the team", "@dev made @ann Administrator", "@ann joined as Developer"):
        assert sentence in history


async def test_a_member_is_removed_and_an_invitation_withdrawn_or_declined(sqlite_place: Place) -> None:
    db, cast = sqlite_place.db, sqlite_place.cast
    team = await own_team(db, cast.dev.id)
    await join(db, team.id, cast.dev.id, "bob", DEVELOPER)
    dev, home = await sqlite_place.browser_of(DEV), f"/portal/teams/{team.id}"
    page = await dev.open(f"{home}/members/{cast.bob.id}")
    gone = await press(dev, page, "Remove from the team")
    assert "@bob is no longer in the team." in (await dev.open(gone.location)).text
    assert (await dev.open(f"{home}/members/{cast.bob.id}")).status == 404
    await press(dev, await dev.open(home), "Invite", username="bob", role=DEVELOPER)
    await press(dev, await dev.open(home), "Withdraw")
    assert await queries.invitations_to(db, cast.bob.id) == []
    await press(dev, await dev.open(home), "Invite", username="bob", role=DEVELOPER)
    bob = await sqlite_place.browser_of(BOB)
    [invitation] = await queries.invitations_to(db, cast.bob.id)
    dave = await sqlite_place.browser_of(DAVE)
    assert (await dave.open(f"/portal/invitations/{invitation.id}")).status == 404
    declined = await press(bob, await bob.open(f"/portal/invitations/{invitation.id}"), "Decline")
    assert declined.location == "/portal"
    assert "@bob declined the invitation" in await page_of(dev, f"{home}/history")


@pytest.mark.claim("C146", "C147")
async def test_a_limit_is_said_beside_the_form_and_another_tier_asked_for(sqlite_place: Place) -> None:
    db, dev_id = sqlite_place.db, sqlite_place.cast.dev.id
    await new_developer(db, dev_id)
    project = await new_project(db, dev_id)
    await new_app(db, dev_id, project_id=project.id)
    dev = await sqlite_place.browser_of(DEV)
    wizard = await dev.open("/portal/apps/new")
    assert "These Projects are full: Pictures" in wizard.text
    assert "With the access tier Essential, each Project can hold 1 App." in wizard.text
    tier = await dev.open(wizard.link("Ask for another access tier"))
    assert (await press(dev, tier, "Send request", tier="elevated")).status == 400
    sent = await press(dev, tier, "Send request", tier="elevated", why="Two clients of one service.")
    assert "Your request for Elevated waits for an operator." in (await dev.open(sent.location)).text
    await db.write(actions.set_tier, project.team_id, "elevated", answer="Welcome.")
    assert "The operator's answer to your last request: Welcome." in await page_of(dev, sent.location)
    assert "These Projects are full" not in await page_of(dev, "/portal/apps/new")


@pytest.mark.claim("C155")
async def test_a_deleted_app_is_brought_back_by_its_page(sqlite_place: Place) -> None:
    db, dev_id = sqlite_place.db, sqlite_place.cast.dev.id
    await new_developer(db, dev_id)
    app = (await new_app(db, dev_id)).app
    dev = await sqlite_place.browser_of(DEV)
    ask = await dev.open(f"/portal/apps/{app.id}/delete")
    assert "For 30 days, an administrator of the team can bring the App back" in ask.text
    await press(dev, ask, "Delete App", typed="Photo Frame")
    dashboard = await dev.open("/portal")
    assert "Deleted Apps" in dashboard.headings
    page = await dev.open(dashboard.link("Bring back"))
    assert (await press(dev, page, "Bring back", name="Volary Support")).status == 400
    back = await press(dev, page, "Bring back")
    keys = await dev.open(back.location)
    assert keys.text.count("There is none now.") == 3
    await db.write(remove_app, dev_id, app.id)
    db.clock.advance(30 * DAY)
    assert (await dev.open(f"/portal/apps/{app.id}/undelete")).status in {303, 404}


@pytest.mark.claim("C181", "C184")
async def test_one_of_two_keys_is_revoked(sqlite_place: Place) -> None:
    db, dev_id = sqlite_place.db, sqlite_place.cast.dev.id
    made = await new_app(db, dev_id, authentication=EVERYTHING)
    app, dev = made.app, await sqlite_place.browser_of(DEV)
    ask = await dev.open(f"/portal/apps/{app.id}/keys/api-key/regenerate")
    names = [one.text for one in ask.root.one("fieldset", id="field-overlap").every("span", class_="option-name")]
    assert names == ["Now", "In one hour", "In 24 hours", "In 7 days", "In 30 days"]
    new = shown(await press(dev, ask, "Regenerate", overlap="month"))["API Key"]
    revoke = await dev.open(f"/portal/apps/{app.id}/keys/api-key/revoke")
    boxes = revoke.root.one("fieldset", id="field-which").every("input")
    assert [box["value"] == "all" for box in boxes] == [True, False, False]
    [old] = [row for row in await queries.held_credentials(db, app.id) if row.kind == "api_key" and row.expires_at]
    assert (await press(dev, revoke, "Revoke", which=old.reference)).status == 303
    assert await queries.app_by_api_key(db, digest(made.api_key)) is None
    assert await queries.app_by_api_key(db, digest(new)) is not None
    assert (await press(dev, revoke, "Revoke", which=old.reference)).status == 404
    await press(dev, revoke, "Revoke", which="all")
    assert await queries.app_by_api_key(db, digest(new)) is None


async def test_the_app_s_owner_is_changed_by_its_page(sqlite_place: Place) -> None:
    db, cast = sqlite_place.db, sqlite_place.cast
    app = (await new_app(db, cast.dev.id)).app
    await join(db, app.team_id, cast.dev.id, "ann", DEVELOPER)
    dev = await sqlite_place.browser_of(DEV)
    page = await dev.open((await dev.open(f"/portal/apps/{app.id}")).link("Change owner"))
    for owner in ("", "x", str(cast.dave.id)):
        refused = form_with(page, "Make owner").edited(owner=owner)
        assert (await dev.send(refused, "Make owner")).status in {400, 404}
    assert (await press(dev, page, "Make owner", owner=str(cast.ann.id))).status == 303
    ann = await sqlite_place.browser_of(ANN)
    assert [one for one in (await ann.open(f"/portal/apps/{app.id}")).forms() if "Save" in one.buttons]
    keys = await dev.open(f"/portal/apps/{app.id}/keys")
    assert "They stand for the owner of the App" in keys.text
    await db.write(give_app, cast.dev.id, app.id, cast.dev.id)
    assert "made @dev the owner of Photo Frame" in await page_of(dev, f"/portal/teams/{app.team_id}/history")


@pytest.mark.claim("C161")
async def test_where_an_operator_approves_one_waits(sqlite_db: HeldDatabase, hasher: PasswordHasher) -> None:
    cast = await people(sqlite_db)
    settings = SETTINGS.replaced(developer_approval="operator")
    place = Place(site_of(sqlite_db, hasher, settings), sqlite_db, hasher, cast)
    ann = await place.browser_of(ANN)
    page = await ann.open("/portal/signup")
    assert (await press(ann, page, "Create developer account", agreed="1", use_case="Bots")).status == 400
    told = "A bot that posts the water level of our river each morning, and answers whoever asks it for last year."
    waiting = await press(ann, page, "Create developer account", agreed="1", use_case=told)
    assert "waits for an operator" in (await ann.open(waiting.location)).text
    assert (await ann.open("/portal/apps/new")).status == 403
    assert "Create" not in (await ann.open("/portal")).text
    await sqlite_db.write(actions.refuse_developer, cast.ann.id, reason="Which river?")
    refused = await ann.open("/portal/signup")
    assert "Which river?" in refused.text
    await press(ann, refused, "Ask again", agreed="1", use_case=told + " The Vecht.")
    await sqlite_db.write(actions.approve_developer, cast.ann.id)
    assert "Create Project" in (await ann.open("/portal")).text


def test_every_act_has_a_sentence_in_the_history() -> None:
    rooms = Path(volary.developers.__file__).parent.parent
    said = {
        kind
        for folder in (rooms / room / "actions" for room in ("developers", "portal", "operator"))
        for file in folder.glob("*.py")
        for kind in re.findall(r'"((?:app|appeal|team|member|project|credential|tier)\.[a-z_]+)"', file.read_text())
    }
    assert said == set(SENTENCES)
