"""A developer's first hour: sign up, a Project, an App, its settings, and the end of it."""

import pytest

from tests.cast import ANN, DEV
from tests.developers.making import CALLBACK, new_app, new_developer, new_project, own_team
from tests.oauth.consent.walking import Browser
from tests.portal.site import Place, form_with, shown
from volary.developers import queries
from volary.developers.actions import set_tier
from volary.kit.secrets import digest

pytestmark = pytest.mark.anyio


@pytest.mark.claim("C145", "C154", "C155", "C156", "C157", "C158", "C161", "C185")
async def test_from_sign_up_to_deleting(place: Place) -> None:
    browser = await place.browser_of(DEV)
    assert (await browser.open("/portal/projects/new")).location == "/portal/signup?then=/portal/projects/new"
    sign_up = await browser.open("/portal/signup?then=/portal/projects/new")
    answer = await browser.press(sign_up, "Create developer account", agreed="1", use_case="Frames")
    assert answer.location == "/portal/projects/new"
    answer = await browser.press(await browser.open("/portal/projects/new"), "Create Project", name="Pictures")
    wizard = await browser.open(answer.location)
    made = await browser.press(wizard, "Create App", name="Photo Frame", callbacks=CALLBACK)
    credentials = shown(made)
    assert list(credentials) == ["API Key", "API Key Secret", "App Access Token"]
    assert "Next steps" in made.headings
    assert "Without one, nobody can connect the App." not in made.text, "it has a callback URL"
    example = made.root.one("code", id="api-example").text
    assert example.endswith("/2/users/by/username/dev")
    assert not any(secret in example for secret in credentials.values())
    [app] = await queries.apps_of_member(place.db, place.cast.dev.id)
    assert app.project_id is not None
    assert await queries.app_by_api_key(place.db, digest(credentials["API Key"])) is not None
    assert await queries.app_by_bearer(place.db, digest(credentials["App Access Token"])) is not None

    dashboard = await browser.open("/portal")
    assert dashboard.headings == ["Developer portal dashboard", "Apps and Projects", "Standalone Apps"]
    details = await browser.open(dashboard.link("Photo Frame"))
    for tab in ("App details", "Keys and tokens", "User Authentication Settings"):
        assert (await browser.open(details.link(tab))).status == 200
    assert "App permissions" in (await browser.open(details.link("User Authentication Settings"))).headings

    ask = await browser.open(details.link("Delete App"))
    assert "Nobody is connected" in ask.text
    refused = await browser.press(ask, "Delete App", typed="photo frame")
    assert refused.status == 400
    assert (await browser.press(ask, "Delete App", typed="Photo Frame")).location == "/portal"
    assert (await browser.open(f"/portal/apps/{app.id}")).status == 404
    project = await browser.open((await browser.open("/portal")).link("Pictures"))
    ask = await browser.open(project.link("Delete Project"))
    assert (await browser.press(ask, "Delete Project", typed="Pictures")).location == "/portal"
    assert await queries.projects_of_member(place.db, place.cast.dev.id) == []


@pytest.mark.claim("C153", "C149", "C150")
async def test_the_dashboard_groups_apps_and_names_their_ids(place: Place) -> None:
    dev = place.cast.dev.id
    project = await new_project(place.db, dev)
    inside = (await new_app(place.db, dev, "Inside", project_id=project.id)).app
    alone = (await new_app(place.db, dev, "Alone")).app
    page = await (await place.browser_of(DEV)).open("/portal")
    [card] = page.root.every("section", id=f"project-{project.id}")
    assert "Inside" in card.text
    assert f"App ID {inside.id}" in card.text
    assert "Alone" not in card.text
    after = page.text.partition("Standalone Apps")[2]
    assert "Alone" in after
    assert f"App ID {alone.id}" in after
    assert "Inside" not in after


@pytest.mark.claim("C160", "C161")
async def test_without_a_developer_account_one_manages_but_does_not_create(place: Place) -> None:
    app = (await new_app(place.db, place.cast.ann.id, "Mine already")).app
    browser = await place.browser_of(ANN)
    dashboard = await browser.open("/portal")
    assert "Sign up for a developer account" in dashboard.text
    assert "Create" not in dashboard.text.replace("To create an App", "")
    details = await browser.open(dashboard.link("Mine already"))
    saved = await browser.send(form_with(details, "Save").filled(name="Mine still"), "Save")
    assert saved.status == 303
    assert (await queries.app_of_member(place.db, place.cast.ann.id, app.id)).name == "Mine still"
    for path in ("/portal/apps/new", "/portal/projects/new"):
        assert (await browser.open(path)).location.startswith("/portal/signup")
        token = form_with(details, "Save").values["csrf"]
        refused = await browser.posted(path, {"csrf": token, "name": "New", "project": "standalone"})
        assert refused.status == 403
    assert len(await queries.apps_of_member(place.db, place.cast.ann.id)) == 1


async def test_the_agreement_must_be_accepted(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open("/portal/signup?then=https://evil.test/")
    refused = await browser.press(page, "Create developer account", use_case="Bots")
    assert refused.status == 400
    assert "Bots" in refused.text
    assert await queries.developer_account(place.db, place.cast.ann.id) is None
    accepted = await browser.press(page, "Create developer account", agreed="1")
    assert accepted.location == "/portal"
    assert (await browser.open("/portal/signup")).location == "/portal"


@pytest.mark.claim("C146", "C147")
async def test_the_wizard_offers_only_projects_with_room(place: Place) -> None:
    dev, browser = place.cast.dev.id, await place.browser_of(DEV)
    await new_developer(place.db, dev)
    project = await new_project(place.db, dev)
    await new_app(place.db, dev, "First", project_id=project.id)
    wizard = await browser.open(f"/portal/apps/new?project={project.id}")
    assert "In the Project Pictures" not in wizard.text
    cheated = form_with(wizard, "Create App").filled(name="Second").edited(project=str(project.id))
    refused = await browser.send(cheated, "Create App")
    assert refused.status == 409
    assert "at most this many Apps: 1" in refused.text
    await place.db.write(set_tier, (await own_team(place.db, dev)).id, "elevated")
    assert "In the Project Pictures" in (await browser.open("/portal/apps/new")).text


async def test_the_wizard_wants_a_choice(place: Place) -> None:
    await new_developer(place.db, place.cast.dev.id)
    browser = await place.browser_of(DEV)
    wizard = await browser.open("/portal/apps/new")
    for chosen in ("", "12345", "x", "-1"):
        refused = await browser.send(
            form_with(wizard, "Create App").filled(name="New").edited(project=chosen), "Create App"
        )
        assert refused.status in (400, 404)
        assert "New" in refused.root.one("input", name="name")["value"]
    assert await queries.apps_of_member(place.db, place.cast.dev.id) == []


@pytest.mark.claim("C151")
async def test_a_standalone_app_is_attached_by_its_page(place: Place) -> None:
    dev, browser = place.cast.dev.id, await place.browser_of(DEV)
    app, project = (await new_app(place.db, dev)).app, await new_project(place.db, dev)
    page = await browser.open((await browser.open(f"/portal/apps/{app.id}")).link("Attach to a Project"))
    assert (await browser.press(page, "Attach", project=str(project.id))).status == 303
    assert (await queries.app_of_member(place.db, dev, app.id)).project_id == project.id
    again = await browser.press(page, "Attach", project=str(project.id))
    assert again.status == 409


@pytest.mark.claim("C145")
async def test_a_project_is_edited(place: Place) -> None:
    dev, browser = place.cast.dev.id, await place.browser_of(DEV)
    project, _other = await new_project(place.db, dev), await new_project(place.db, dev, "Other")
    page = await browser.open(f"/portal/projects/{project.id}")
    assert (await browser.press(page, "Save", name="Photos", use_case="Selling.")).status == 303
    after = await queries.project_of_member(place.db, dev, project.id)
    assert (after.name, after.use_case) == ("Photos", "Selling.")
    taken = await browser.press(page, "Save", name="OTHER")
    assert taken.status == 409
    assert "There is a Project of this name already" in taken.text
    empty = await browser.press(page, "Save", name="  ")
    assert empty.status == 400


@pytest.mark.claim("C159")
async def test_a_visitor_signs_in_first(place: Place) -> None:
    browser: Browser = place.browser()
    assert (await browser.open("/portal")).location == "/login?then=/portal"
