"""The labels that walks press and look for, in each language: letter by letter those of the pages that the claims were drawn from,
and where these are silent (most of German), the ones that were settled for it.
"""

from typing import NamedTuple


class Words(NamedTuple):
    """One language's labels."""

    code: str
    sign_in: str
    sign_in_and_authorize: str
    sign_up: str
    login: str
    password: str
    authorize: str
    cancel: str
    view: str
    do: str
    able: str
    unable: str
    apps_and_sessions: str
    settings: str
    sessions: str
    revoke: str
    revoke_permissions: str
    log_out: str
    log_out_others: str
    connect: str
    allow: str
    choose: str
    skip: str


EN = Words(
    code="en",
    sign_in="Sign in",
    sign_in_and_authorize="Sign in and authorize app",
    sign_up="Sign up",
    login="Username or email",
    password="Password",
    authorize="Authorize app",
    cancel="Cancel",
    view="Things this App can view",
    do="Things this App can do",
    able="This app will be able to",
    unable="This app will not be able to",
    apps_and_sessions="Apps and sessions",
    settings="Settings and privacy",
    sessions="Sessions",
    revoke="Revoke access",
    revoke_permissions="Revoke app permissions",
    log_out="Log out",
    log_out_others="Log out all other sessions",
    connect="Connect",
    allow="Allow",
    choose="Choose the account to connect",
    skip="Skip to main content",
)
NL = Words(
    code="nl",
    sign_in="Inloggen",
    sign_in_and_authorize="Inloggen en app machtigen",
    sign_up="Registreren",
    login="Gebruikersnaam of e-mailadres",
    password="Wachtwoord",
    authorize="App machtigen",
    cancel="Annuleren",
    view="Dingen die deze app kan bekijken",
    do="Dingen die deze app kan doen",
    able="Deze app kan",
    unable="Deze app kan niet",
    apps_and_sessions="Apps en sessies",
    settings="Instellingen en privacy",
    sessions="Sessies",
    revoke="Toegang intrekken",
    revoke_permissions="App-machtigingen intrekken",
    log_out="Uitloggen",
    log_out_others="Alle andere sessies uitloggen",
    connect="Verbinden",
    allow="Toestaan",
    choose="Kies het account dat je wilt verbinden",
    skip="Ga naar de hoofdinhoud",
)
DE = Words(
    code="de",
    sign_in="Anmelden",
    sign_in_and_authorize="Anmelden und App autorisieren",
    sign_up="Registrieren",
    login="Benutzername oder E-Mail-Adresse",
    password="Passwort",
    authorize="App autorisieren",
    cancel="Abbrechen",
    view="Was diese App ansehen kann",
    do="Was diese App tun kann",
    able="Diese App kann",
    unable="Diese App kann nicht",
    apps_and_sessions="Apps und Sitzungen",
    settings="Einstellungen und Datenschutz",
    sessions="Sitzungen",
    revoke="Zugriff widerrufen",
    revoke_permissions="App-Berechtigungen widerrufen",
    log_out="Abmelden",
    log_out_others="Alle anderen Sitzungen abmelden",
    connect="Verbinden",
    allow="Zulassen",
    choose="Wählen Sie das Konto, das Sie verbinden möchten",
    skip="Zum Hauptinhalt springen",
)
LANGUAGES = (EN, NL, DE)
