"""Pages for the tests of the ring: each does one thing that a page can do."""

from volary.kit.errors import Busy, Conflict, Invalid, NotFound, Refusal, TooMany
from volary.web import Form, Response, Visit, page


@page("GET", "/")
async def home(visit: Visit) -> Response:
    return visit.problem(200, visit.csrf, title="Home", developer={"address": visit.address, "binding": visit.binding})


@page("GET", "/login")
@page("GET", "/settings")
@page("GET", "/settings/apps", signed_in=True)
async def plain(visit: Visit) -> Response:
    return visit.problem(200, "Here you are.", title="Plain")


@page("GET", "/people/{name}/posts/{post}")
async def post(visit: Visit) -> Response:
    return visit.problem(200, f"{visit.path['name']} wrote {visit.path['post']}", developer=visit.query)


@page("POST", "/name", signed_in=True)
async def rename(visit: Visit) -> Response:
    return visit.redirect("/settings", notice="Hello %(name)s", name=visit.form.get("name", "nobody"))


@page("POST", "/note")
async def note(visit: Visit) -> Response:
    return visit.problem(200, visit.form.get("text", ""), developer={"fields": ",".join(sorted(visit.form))})


@page("POST", "/picture", files={"picture": 2_000})
async def picture(visit: Visit) -> Response:
    file = visit.files.get("picture")
    text = f"{file.name} {file.content_type} {len(file.content)}" if file else "none"
    return visit.problem(200, text, developer=visit.form)


@page("POST", "/app")
async def app(visit: Visit) -> Response:
    form = Form(visit)
    if not form.text("name"):
        form.refuse("name", "Give the app a name.")
    if len(form["website"]) > 10:
        form.add(Invalid("At most %(most)s characters.", field="website", most=10))
    if form.good and form["name"] == "taken":
        form.add(Conflict("Somebody else was first."))
    return visit.render("web/components.html", 200 if form.good else 400, form=form, blank=form, moments=[0, 0, 0, 0])


@page("GET", "/to-app")
async def to_app(visit: Visit) -> Response:
    visit.allow_form_target("myapp://callback/path")
    visit.allow_form_target("http://127.0.0.1:9000/cb?x=1")
    return visit.problem(200, "Consent")


@page("POST", "/to-app")
async def leave(visit: Visit) -> Response:
    return visit.leave("myapp://callback/path?code=1&state=a%20b~|")


@page("POST", "/astray")
async def astray(visit: Visit) -> Response:
    if visit.form["by"] == "redirect":
        return visit.redirect(visit.form["to"])
    return visit.leave(visit.form["to"])


@page("POST", "/sign-in")
async def sign_in(visit: Visit) -> Response:
    visit.renew_browser_key()
    visit.set_cookie("session", "ann", max_age=3600)
    return visit.redirect("/")


_REFUSALS: dict[str, Refusal] = {
    "invalid": Invalid("This %(what)s is wrong.", what="<b>value</b>", why="the private reason"),
    "missing": NotFound("There is no such app."),
    "slow": TooMany("Wait %(seconds)s seconds.", seconds=30, retry_after=30),
    "busy": Busy("The server is busy.", retry_after=2),
}


@page("GET", "/refuse/{kind}")
async def refuse(visit: Visit) -> Response:
    if visit.path["kind"] in _REFUSALS:
        raise _REFUSALS[visit.path["kind"]]
    raise RuntimeError("a secret that nobody outside may see")
