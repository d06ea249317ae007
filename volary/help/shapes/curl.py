"""Programs for a shell: curl alone for bearer tokens, and with openssl for signatures of OAuth 1.0a (RFC 5849 §3)."""

import shlex
from urllib.parse import quote

from volary.help.shapes.call import OAUTH1, Program, Request

_FILES = {
    "/2/media/upload": "-F media=@picture.png -F media_category=tweet_image",
    "/2/media/upload/{id}/append": "-F segment_index=0 -F media=@picture.png",
    "/1.1/media/upload.json": "-F media=@picture.png",
    "/1.1/account/update_profile_image.json": "-F image=@picture.png",
    "/1.1/account/update_profile_banner.json": "-F banner=@picture.png",
}


def program(call: Request) -> Program:
    """The call with curl."""
    if call.way == OAUTH1:
        return Program("curl", call.way, _signed(call))
    head = f'curl -H "Authorization: Bearer ${call.token}"'
    code = f"{head}{_method(call)}{_body(call)} \\\n  {shlex.quote(call.base + call.target)}"
    if call.entry.paging:
        join = "&" if "?" in call.target else "?"
        code += (
            "\n\n# The next page; NEXT_TOKEN holds the meta.next_token of the answer:\n"
            f'{head} \\\n  "{call.base}{call.target}{join}{call.entry.paging}=$NEXT_TOKEN"'
        )
    return Program("curl", call.way, code)


def _method(call: Request) -> str:
    return "" if call.entry.method == "GET" else f" -X {call.entry.method}"


def _body(call: Request) -> str:
    if call.entry.operation.large:
        return f" \\\n  {_FILES[call.entry.path]}"
    if call.json is not None:
        return f" \\\n  -H 'Content-Type: application/json' --data {shlex.quote(call.sent)}"
    if call.entry.operation.body is not None:
        return " \\\n  -H 'Content-Type: application/json' --data '{}'"
    return f" \\\n  --data {shlex.quote(call.sent)}" if call.sent else ""


def _signed(call: Request) -> str:
    """What is known of the parameters is encoded and sorted here; nonce, moment and names of keys are filled in by the shell."""
    pairs = (
        [] if call.entry.operation.large else sorted((_encoded(name), _encoded(value)) for name, value in call.query)
    )
    before = "".join(f"{name}={value}&" for name, value in pairs if name < "oauth_")
    after = "".join(f"&{name}={value}" for name, value in pairs if name > "oauth_")
    url = _encoded(call.base + call.path)
    where = shlex.quote(call.base + call.target)
    return f"""nonce=$(openssl rand -hex 16)
now=$(date +%s)
parameters="{before}oauth_consumer_key=$API_KEY&oauth_nonce=$nonce&oauth_signature_method=HMAC-SHA1\\
&oauth_timestamp=$now&oauth_token=$ACCESS_TOKEN&oauth_version=1.0{after}"
encoded=$(printf %s "$parameters" | sed 's/%/%25/g; s/&/%26/g; s/=/%3D/g')
signature=$(printf %s "{call.entry.method}&{url}&$encoded" |
  openssl dgst -sha1 -hmac "$API_KEY_SECRET&$ACCESS_TOKEN_SECRET" -binary |
  base64 | sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g')
curl{_method(call)} -H "Authorization: OAuth oauth_consumer_key=\\"$API_KEY\\", oauth_nonce=\\"$nonce\\", \\
oauth_signature_method=\\"HMAC-SHA1\\", oauth_timestamp=\\"$now\\", oauth_token=\\"$ACCESS_TOKEN\\", \\
oauth_version=\\"1.0\\", oauth_signature=\\"$signature\\""{_body(call)} \\
  {where}"""


def _encoded(text: str) -> str:
    """As OAuth encodes: everything but letters, digits and -._~ (RFC 5849 §3.6)."""
    return quote(text, safe="-._~")
