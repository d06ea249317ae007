"""Why a call was refused and what to do about it, in words. Each is a pair of catalogue sentences with places for the facts."""

import msgspec

from volary.language import mark as _


class Reason(msgspec.Struct, frozen=True):
    """A reason, and what the App's developer can do."""

    sentence: str
    advice: str = ""


_AGAIN = _("Let the person authorize the App again.")
_BASIC = _("Send one Authorization header of the Basic scheme; nothing secret belongs into the body or the address.")
_SUSPENDED = Reason(
    _("The App is suspended."), _("The reason stands at the top of this page; the operator can restore the App.")
)

REASONS: dict[str, Reason] = {
    "credentials_none": Reason(
        _("The request carries no credentials."),
        _("Send an Authorization header: Bearer with a token, or OAuth with a signature."),
    ),
    "credentials_many": Reason(
        _("The request carries two kinds of credentials, or some that cannot be read."),
        _("Send exactly one Authorization header, and no token or signature in the address or the body beside it."),
    ),
    "unreadable": Reason(
        _("The parameters of OAuth 1.0a cannot be read: %(what)s."),
        _("Let a library of OAuth 1.0a write the Authorization header."),
    ),
    "signature_method": Reason(
        _("The signature method or the version is not one that is taken."),
        _("Use HMAC-SHA1 or HMAC-SHA256, and leave oauth_version out or at 1.0."),
    ),
    "time_old": Reason(
        _("The timestamp is %(seconds)s seconds old; at most 300 are allowed."),
        _("Set the clock of the computer that signs, and sign each request just before it is sent."),
    ),
    "time_ahead": Reason(
        _("The timestamp is %(seconds)s seconds ahead of the server's clock; at most 300 are allowed."),
        _("Set the clock of the computer that signs: oauth_timestamp counts seconds, in UTC."),
    ),
    "time_unreadable": Reason(
        _("The timestamp is no number of seconds."), _("oauth_timestamp counts the seconds since 1970, in UTC.")
    ),
    "body_hash": Reason(
        _("oauth_body_hash is not that of the body."),
        _("Compute it from the bytes that are sent, or leave it out."),
    ),
    "key": Reason(
        _("The API Key is unknown."),
        _("Compare it with Keys and tokens: it may have been regenerated, or belong to another server."),
    ),
    "key_ended": Reason(
        _("The API Key was replaced, and the old one ended on %(at)s."),
        _("Use the new API Key and secret wherever the App runs."),
    ),
    "key_secret": Reason(
        _("The API Key Secret is wrong."), _("Compare its end with Keys and tokens, and copy both anew.")
    ),
    "signature": Reason(
        _("The signature does not match. The base string that we computed is below."),
        _(
            "Compare it with yours, letter by letter: the method, the address, then every parameter, encoded and sorted. "
            "Where both are the same, the API Key Secret or the Access Token Secret is wrong."
        ),
    ),
    "nonce": Reason(
        _("The nonce was used before."),
        _("Make a new random nonce and a new signature for each request, also when a request is repeated."),
    ),
    "request_token": Reason(
        _("The request token is unknown, was used already, has expired, or is another App's."),
        _("Begin again with a new request token. Each is good for fifteen minutes and for one exchange."),
    ),
    "verifier_pin": Reason(
        _("The person has not approved the request token, or the verifier (PIN) is wrong."),
        _(
            "Send oauth_verifier as it came to the callback URL, or as the person typed it; five wrong ones end the token."
        ),
    ),
    "callback": Reason(
        _("The callback URL is not on the App's list: %(url)s"),
        _("Add it in App details exactly as the App sends it. The callback tester says what is different."),
    ),
    "callback_none": Reason(
        _("The App has no callback URL on its list."),
        _("Add one in App details; an App that works with a PIN needs one as well."),
    ),
    "oauth1_off": Reason(
        _("OAuth 1.0a is switched off for this App."), _("Switch it on in User Authentication Settings.")
    ),
    "app_suspended": _SUSPENDED,
    "token": Reason(
        _("The access token is unknown."),
        _(
            "It may be cut off, of another server, or have expired more than a day ago. Refresh it, or let the person authorize again."
        ),
    ),
    "token_signed": Reason(
        _("The access token is unknown."), _("Compare it with what the App was given; it may be of another server.")
    ),
    "token_other": Reason(
        _("The access token belongs to another App."), _("Sign with the keys of the App to which the token was given.")
    ),
    "token_expired": Reason(
        _("The access token expired on %(at)s."),
        _("Use the refresh token to get a new one; ask for the scope offline.access to have one."),
    ),
    "access_over": Reason(_("The person allowed the App until %(at)s, and that is over."), _AGAIN),
    "token_revoked": Reason(_("The person's connection to the App was ended on %(at)s."), _AGAIN),
    "token_ended": Reason(
        _("The token was revoked or replaced on %(at)s."),
        _("Use the one that followed, or let the person authorize the App again."),
    ),
    "token_replayed": Reason(
        _("A code or refresh token was sent twice, so all tokens that came from it were ended on %(at)s."),
        _(
            "Keep the newest refresh token only, and never let two processes refresh the same one. Then let the person authorize again."
        ),
    ),
    "token_epoch": Reason(_("All tokens of the App, or of the person, were ended since this one was given."), _AGAIN),
    "account_inactive": Reason(
        _("The account for which the token stands is suspended, locked or deactivated."),
        _("Nothing can be done in the App; keep the token until the account is back."),
    ),
    "app_token": Reason(
        _("The App's own token (bearer) is unknown or was invalidated."),
        _("Take the present one from Keys and tokens, or ask for it at /oauth2/token."),
    ),
    "app_token_ended": Reason(
        _("The App's own token (bearer) was replaced, and the old one ended on %(at)s."),
        _("Take the present one from Keys and tokens, or ask for it at /oauth2/token."),
    ),
    "app_basic": Reason(_("The API Key and secret were not sent by Basic authentication."), _BASIC),
    "client": Reason(
        _("The client ID is unknown."),
        _("Copy it from Keys and tokens: it is not the API Key and not the App's number."),
    ),
    "client_off": Reason(
        _("OAuth 2.0 is switched off for this App, or the App is suspended."),
        _("Switch it on in User Authentication Settings."),
    ),
    "client_secret": Reason(
        _("The Client Secret is wrong, or the App is a public client that has none."),
        _("Compare its end with Keys and tokens. Native and Single page Apps send their client_id alone."),
    ),
    "client_basic": Reason(_("The Client Secret was not sent by Basic authentication."), _BASIC),
    "grant_type": Reason(
        _("The grant type is not one that is taken here."),
        _("Use authorization_code or refresh_token at /2/oauth2/token, and client_credentials at /oauth2/token."),
    ),
    "code_unknown": Reason(
        _("The authorization code is unknown, or was given to another App."),
        _("Send it exactly as it came to the callback URL, decoded once."),
    ),
    "code_used": Reason(
        _("The authorization code was used before, on %(at)s. What it had given was ended."),
        _("Exchange each code once, and do not repeat the request after a time-out: let the person authorize again."),
    ),
    "code_expired": Reason(
        _("The authorization code expired on %(at)s."), _("Exchange it at once: it is good for thirty seconds.")
    ),
    "code_tries": Reason(
        _("The authorization code was tried too often with a wrong redirect URI or verifier."), _AGAIN
    ),
    "code_ended": Reason(_("The person's connection ended before the code was exchanged."), _AGAIN),
    "redirect": Reason(
        _("The redirect URI is not the one that was sent to the consent page."),
        _("Send the same redirect_uri in both requests, letter by letter."),
    ),
    "redirect_missing": Reason(
        _("The redirect URI is missing, empty, or there twice."),
        _("Send one redirect_uri to the consent page; it must be on the list in App details."),
    ),
    "verifier_pkce": Reason(
        _("The code verifier does not belong to the code challenge."),
        _(
            "Keep the verifier of each authorization, and send it as it was before it was hashed (43 to 128 characters)."
        ),
    ),
    "refresh_unknown": Reason(_("The refresh token is unknown, or was given to another App."), _AGAIN),
    "refresh_rotated": Reason(
        _("The refresh token was used before, on %(at)s. All tokens that came from it were ended."),
        _(
            "Keep the refresh token of each answer, and never let two processes refresh the same one. Then let the person authorize again."
        ),
    ),
    "refresh_ended": Reason(_("The refresh token expired, or the person's connection to the App ended."), _AGAIN),
    "refresh_scope": Reason(
        _("More was asked for than the person granted: %(has)s."),
        _("Leave scope out, or ask for less; for more, let the person authorize the App again."),
    ),
    "scope": Reason(
        _("The scope %(missing)s is missing. The token has: %(has)s."),
        _("Ask for it in the authorization URL, and let the person authorize the App again."),
    ),
    "level": Reason(
        _("This needs a higher permission than %(level)s, which is what the App has, or had when the token was given."),
        _(
            "Choose the permission in User Authentication Settings, then let people authorize again; regenerate your own Access Token."
        ),
    ),
    "scheme": Reason(_("%(used)s cannot be used here."), _("Call it with one of these: %(supported)s.")),
    "no_project": Reason(
        _("The App is in no Project, and version 2 of the API wants one."), _("Move the App into a Project.")
    ),
    "limit": Reason(
        _("The rate limit was used up; the window ended %(seconds)s seconds later."),
        _("Wait until x-rate-limit-reset before the next call. The Usage page shows the present window."),
    ),
    "busy": Reason(_("The server was busy, and did nothing."), _("Try again after the seconds in Retry-After.")),
    "failed": Reason(
        _("Something went wrong on the server."), _("Try again later; tell the operator the request id if it stays.")
    ),
    "told": Reason(_("The App was answered: %(answer)s")),
}
"""By the name under which the log keeps it. Facts named `at` are moments in milliseconds."""

UNKNOWN = Reason(_("The call was refused."))
"""For a name that this version does not know, as beside a newer one."""


def reason_of(name: str) -> Reason:
    """The words of a reason."""
    return REASONS.get(name, UNKNOWN)
