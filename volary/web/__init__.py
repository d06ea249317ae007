"""The conventions of pages: doors, visits, forms, security headers, base templates, style.

A page is an async function with its door declared above it. In `volary/person/pages.py`:

    from volary.web import Form, Response, Visit, page

    @page("GET", "/settings/name", signed_in=True)
    async def name(visit: Visit) -> Response:
        account = await account_by_id(visit.db, visit.me.account_id)
        return visit.render("person/name.html", form=Form(visit, {"name": account.name}))

    @page("POST", "/settings/name", signed_in=True)
    async def change_name(visit: Visit) -> Response:
        form = Form(visit)
        try:
            await visit.db.write(actions.rename, visit.me.account_id, form.text("name"))
        except Invalid as refusal:
            form.add(refusal)
            return visit.render("person/name.html", status=400, form=form)
        return visit.redirect("/settings", notice=_("Your name was changed."))

and in `volary/person/templates/person/name.html`:

    {% extends "web/base.html" %}
    {% from "web/parts.html" import button, errors, field, form as sheet %}
    {% block title %}{{ _("Your name") }}{% endblock %}
    {% block main %}
    <h1>{{ _("Your name") }}</h1>
    {{ errors(form) }}
    {% call sheet(visit, "/settings/name") %}
      {{ field(form, "name", _("Name"), hint=_("At most 50 characters."), required=True, autocomplete="name", maxlength=50) }}
      {{ button(_("Save")) }}
    {% endcall %}
    {% endblock %}

What the ring does before the handler: Host check, language, who is signed in, sign-in redirect, form limits, CSRF and Origin. What it does
after: every refusal that the handler let pass becomes a page; security headers, no-store and cookies are added. So a handler only says
what is its own.

- Sentences are in English in the code: `_("…%(name)s")` in templates, `visit.t("…%(name)s", name=…)` in Python. %(site)s is the site's
  name and needs no argument; a percent sign is written %%. A link inside a sentence is a place:
  `_("Read the %(policy)s.", policy=link("/help/developer-policy", _("Developer Policy")))`. Sentences with a number:
  `n("%(n)s app", "%(n)s apps", count)`, `visit.n(…)`. `python -m tests.language.extraction` adds new ones to the catalogues.
- Addresses in templates go through `to("/path")` (links, pictures) or the macros, which do it: the site may live below a path.
- `visit.redirect(path)` goes on within the site, `visit.leave(url)` to an app. A page whose form ends there by redirect calls
  `visit.allow_form_target(url)` first. A path that the request brings goes through `local_path` before.
- `visit.set_cookie("session", value)` and `visit.cookies` use short names; on https they are `__Host-` cookies. Whoever signs
  somebody in or out calls `visit.renew_browser_key()`; `visit.binding` is what a waiting request is bound to. A new cookie is
  listed on the cookie page (`volary/help/pages/articles.py`).
- `visit.problem(403, text, kind=SUSPENDED, developer={"client_id": …})` is a page that explains, for errors that are not refusals. A
  `Kind` (`web/kinds.py`) has the code, the title and what to do next; each stands in a list that `/help/errors` shows.
  `visit.has_door(path)` tells whether there is a page to link to.
- The parts of pages are the macros of `web/parts.html`; a demo server shows all of them at /components.
"""

from starlette.responses import Response

from volary.web.form import Form
from volary.web.local import going_on_to, local_path
from volary.web.page import Door, doors_of, page
from volary.web.reading import Upload
from volary.web.site import Site
from volary.web.visit import SignedIn, Visit, VisitorResolver

__all__ = [
    "Door",
    "Form",
    "Response",
    "SignedIn",
    "Site",
    "Upload",
    "Visit",
    "VisitorResolver",
    "doors_of",
    "going_on_to",
    "local_path",
    "page",
]
