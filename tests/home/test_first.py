from tests.cast import ANN, BOB
from tests.person.site import Place
from tests.posts.making import post


async def test_look(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "Hello @bob #gentian https://example.org/a")
    browser = await place.browser_of(ANN)
    for path in ("/home", f"/ann/status/{made.id}", "/ann", "/compose", f"/compose?reply={made.id}", f"/posts/{made.id}/delete", "/ann/followers", "/home/bookmarks", f"/ann/status/{made.id}/likes", f"/ann/status/{made.id}/quotes", "/bob", "/bob/report", "/ann/likes"):
        page = await browser.open(path)
        print(path, page.status, page.text[:600])
    assert 0
