"""Webhooks and usage in the console: what a page shows, what a press does, and that a secret is shown once."""

import pytest

from tests.cast import ANN
from tests.developers.making import new_app
from tests.portal.site import Place, press
from volary.db.paging import Bounds
from volary.operator.queries.audit import Filter, audit
from volary.usage.actions.storing import Parcel, store
from volary.usage.models import Tally
from volary.webhooks.actions import note_try
from volary.webhooks.queries import every_webhook, latest_deliveries

pytestmark = pytest.mark.anyio

URL = "https://hooks.example/volary"


async def test_a_webhook_from_its_naming_to_its_end(place: Place) -> None:
    ann = await place.browser_of(ANN)
    page = await press(ann, await ann.open("/operator/webhooks"), "Add webhook", **{"url": URL, "app.suspended": "1"})
    secret = page.root.one("code", id="webhook-secret").text
    [hook] = await every_webhook(place.db)
    assert (hook.url, hook.events) == (URL, "app.suspended")
    here = f"/operator/webhooks/{hook.id}"
    for path in ("/operator/webhooks", here):
        page = await ann.open(path)
        assert URL in page.text
        assert secret not in page.answer.text
    assert (await press(ann, page, "Send a test")).location == here
    [sent] = await latest_deliveries(place.db)
    await place.db.write(note_try, sent.id, hook.id, status=204, milliseconds=3, answer="<b>fine</b>")
    page = await ann.open(here)
    assert "<b>fine</b>" in page.text, "as a text"
    assert (await press(ann, page, "Send again")).location == here
    assert [row.state for row in await latest_deliveries(place.db)] == ["waiting"]
    renewed = await press(ann, await ann.open(here), "Give it a new secret")
    assert renewed.root.one("code", id="webhook-secret").text != secret
    assert (await press(ann, await ann.open(here), "Remove webhook")).location == "/operator/webhooks"
    assert await every_webhook(place.db) == []
    assert (await ann.open(here)).status == 404
    kinds = [row.kind for row in await audit(place.db, Filter(kind="webhook"), Bounds())]
    assert kinds == [f"webhook.{what}" for what in ("removed", "renewed", "redelivered", "tested", "added")]
    for row in await audit(place.db, Filter(kind="webhook"), Bounds()):
        assert (row.actor, secret in row.detail) == ("ann", False)


@pytest.mark.attack("SR-229", "SR-240")
@pytest.mark.parametrize(
    "url", ["http://localhost:8000/hook", "ftp://hooks.example/", "https://a:b@hooks.example/", "x", ""]
)
async def test_an_address_that_nothing_is_sent_to_is_refused_at_its_field(place: Place, url: str) -> None:
    ann = await place.browser_of(ANN)
    refused = await press(ann, await ann.open("/operator/webhooks"), "Add webhook", url=url)
    assert refused.status == 400
    assert "We cannot send there." in refused.text
    assert await every_webhook(place.db) == []


async def test_the_usage_of_an_app_stands_beside_it(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    ann = await place.browser_of(ANN)
    page = await ann.open(f"/operator/apps/{app.id}")
    path = page.root.one("a", href=f"/operator/apps/{app.id}/usage")["href"]
    assert "No requests in this period" in (await ann.open(path)).text
    tally = Tally(requests=1234, refused=56, limited=7, failed=0, microseconds=1)
    await place.db.write(store, [Parcel(app.id, True, {"GET /2/users/me": tally}, [], 0)])
    text = (await ann.open(path)).text
    for told in ("GET /2/users/me", "1,234", "56"):
        assert told in text
    assert (await ann.open("/operator/apps/1/usage")).status == 404
