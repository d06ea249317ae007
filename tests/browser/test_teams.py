"""Two people build one App, in two languages: invited in German, joined in Dutch without scripts, and what each of them may press."""

import pytest

from tests.browser.conftest import Stage
from tests.browser.test_portal import make_app_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.claim("C162")
async def test_from_an_invitation_to_the_first_change(stage: Stage) -> None:
    dev, gast = await stage.person("Dev Devrient", "de"), await stage.person("Gwen Gast", "nl")
    name = f"Nachtschwalbe {dev.username}"
    made, _ = await stage.beside(make_app_of, dev.id, stage, name)
    here = f"/portal/apps/{made.app.id}"
    window = await stage.window(dev, language="de")
    await window.open("/portal")
    await window.follow("Mitglieder und Einstellungen")
    await window.type(username=gast.username)
    await window.press("Einladen")
    await window.sees(f"@{gast.username} ist eingeladen.")

    guest = await stage.window(gast, language="nl", script=False)
    await guest.open("/portal")
    await guest.follow("Uitnodiging bekijken")
    await guest.page.locator("[name=agreed]").check()
    await guest.press("Uitnodiging aannemen")
    await guest.sees("Je zit nu in het team.", name)
    await guest.misses("Project maken")
    await guest.open(here)
    await guest.sees("Je ziet deze app als lid van het team.")
    await guest.open(f"{here}/keys/api-key/regenerate")
    assert guest.status == 403
    await guest.sees("Je rol in dit team laat dit niet toe.")

    await window.open(f"{here}/owner")
    await window.page.get_by_role("radio", name=f"@{gast.username}").check()
    await window.press("Zum Eigentümer machen")
    await window.is_at(here)
    await guest.open(f"{here}/keys/api-key/regenerate")
    await guest.page.get_by_role("radio", name="Over 30 dagen").check()
    await guest.press("Opnieuw genereren")
    await guest.sees("API Key")
    assert guest.status == 200
    await guest.open(f"{here}/delete")
    assert guest.status == 403
    await window.open("/portal")
    await window.follow("Mitglieder und Einstellungen")
    await window.follow("Verlauf")
    await window.sees(f"@{gast.username} ist als Entwickler beigetreten", "Keys oder Tokens")
