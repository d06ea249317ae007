"""What the button that connects says (C023, C024, C027, C029; contradiction 10).

Who is signed out proves who they are and agrees by one press: the button says both, so that nobody waits for another question.

On a phone the page plays the part of the account sheet that the platform's own mobile app would show: with accounts signed in on the
device, the button has the name that people were told to look for there.
"""

from volary.language import mark as _

AUTHORIZE, SIGN_IN, SIGN_IN_AND_AUTHORIZE = _("Authorize app"), _("Sign in"), _("Sign in and authorize app")
CONNECT, ALLOW = _("Connect"), _("Allow")


def label(user_agent: str, *, signed_in: bool, sign_in_flow: bool) -> str:
    """The button's name: for whom the page is, on which kind of device, and by which of OAuth 1.0a's two addresses they came."""
    if not signed_in:
        return SIGN_IN_AND_AUTHORIZE
    if any(device in user_agent for device in ("iPhone", "iPad", "iPod")):
        return CONNECT
    if "Android" in user_agent:
        return ALLOW
    return SIGN_IN if sign_in_flow else AUTHORIZE
