"""The checks of one signed request, in their order (RFC 5849 §3.2):

parameters → signature method and version → time → key and token → signature → nonce

`Verifier.claim` is what can be said before any look-up. The caller then finds the key and the token that are claimed and asks whether
the claim is `signed_by` their secrets, and at last takes the nonce with `once`: a request with a wrong signature leaves no trace.
"""

import base64
import hashlib
from urllib.parse import urlsplit

import msgspec

from volary.api.errors import Numbered
from volary.api.machine import RawCall
from volary.kit.errors import Clue
from volary.kit.secrets import digest, same
from volary.oauth.oauth1.errors import BadData, NotAuthenticated, WrongTime
from volary.oauth.oauth1.nonces.store import WINDOW, NonceStore
from volary.oauth.oauth1.parameters import Parameters, collect, form_pairs
from volary.oauth.oauth1.signature import METHODS, base_origin, base_string, matches
from volary.oauth.oauth1.signing_keys import SigningKeys
from volary.settings import Settings

MOST_SHOWN = 4_096
"""Bytes of a base string that the App's developer may be shown."""
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Claim(msgspec.Struct, frozen=True, gc=False):
    """What a signed request says of itself, well formed and of this moment, but not proven yet. `token` is empty where none is named."""

    consumer_key: str
    token: str
    method: str
    signature: bytes
    second: int
    nonce: str
    parameters: Parameters

    def protocol(self, name: str) -> str:
        """An `oauth_…` parameter; empty where it is not there."""
        return self.parameters.protocol.get(name, "")

    def other(self, name: str) -> str:
        """A signed parameter that is none of the protocol's; empty where it is not there. Raises BadData where it is there twice."""
        values = [value for key, value in form_pairs(self.parameters.normalized) if key == name.encode()]
        if len(values) > 1:
            raise BadData(f"{name} is there twice")
        try:
            return values[0].decode() if values else ""
        except UnicodeDecodeError:
            raise BadData(f"{name} is not UTF-8") from None


class Verifier:
    """Checks signed requests. One for each process, in its resources."""

    def __init__(self, settings: Settings, nonces: NonceStore) -> None:
        self.nonces = nonces
        self._keys = SigningKeys()
        self._prefix = settings.path_prefix.encode()
        self._origins = _origins_by_host(settings)
        self._public = (base_origin(settings.public_url),)

    def claim(self, call: RawCall, mirrored: frozenset[str] = frozenset()) -> Claim:
        """The first three checks. `mirrored` is explained at `parameters.collect`. Raises BadData, NotAuthenticated, WrongTime."""
        header, form = _header_and_form(call)
        parameters = collect(header, call.query_string, form, mirrored=mirrored)
        try:
            return self._claimed(call, parameters, form)
        except Numbered as refusal:
            refusal.clue = refusal.clue or Clue("unreadable", {"what": refusal.why})
            refusal.clue.key = digest(parameters.protocol.get("oauth_consumer_key", ""))
            raise

    def _claimed(self, call: RawCall, parameters: Parameters, form: bytes) -> Claim:
        protocol = parameters.protocol
        try:
            key, nonce, method = (
                protocol["oauth_consumer_key"],
                protocol["oauth_nonce"],
                protocol["oauth_signature_method"],
            )
            signature, timestamp = protocol["oauth_signature"], protocol["oauth_timestamp"]
        except KeyError as missing:
            raise BadData(f"{missing} is not there") from None
        if not (key and nonce and signature):
            raise BadData("the key, the nonce or the signature is empty")
        if method not in METHODS or protocol.get("oauth_version", "1.0") != "1.0":
            raise NotAuthenticated("the signature method or the version is not one that is taken").because(
                "signature_method"
            )
        second = _second(timestamp, call.db.now // 1000)
        if "oauth_body_hash" in protocol and not form:
            _check_body_hash(protocol["oauth_body_hash"], call.body)
        return Claim(key, protocol.get("oauth_token", ""), method, signature.encode(), second, nonce, parameters)

    def signed_by(self, call: RawCall, claim: Claim, consumer: bytes | None, token: bytes | None) -> bool:
        """Whether a claim is signed with these two secrets (sealed, as tables keep them; None for unknown ones).

        The base string is made with our own public addresses: the one that the request came in by, and the main one, for a proxy that
        does not pass the Host header on. No header can add another one (SR-045).
        """
        key = self._keys.of(call.db.keys, consumer, token)
        path = self._path(call)
        for origin in self._origins.get((call.header(b"host") or b"").lower(), self._public):
            base = base_string(call.method, origin, path, claim.parameters.normalized)
            if matches(claim.method, key, base, claim.signature):
                return True
        return False

    def wrong_signature(self, call: RawCall, claim: Claim) -> NotAuthenticated:
        """The refusal of a claim that `signed_by` found wrong, with the base string that would have been right."""
        origin = self._origins.get((call.header(b"host") or b"").lower(), self._public)[0]
        base = base_string(call.method, origin, self._path(call), claim.parameters.normalized)
        refusal = NotAuthenticated("the signature is wrong")
        refusal.clue = Clue("signature", base=base[: MOST_SHOWN + 1])
        return refusal

    def _path(self, call: RawCall) -> bytes:
        """The path below the public URL's own, as the client sent it."""
        if self._prefix and call.raw_path.startswith(self._prefix + b"/"):
            return call.raw_path.removeprefix(self._prefix)
        return call.raw_path

    async def once(self, claim: Claim) -> None:
        """Take the nonce. Raises NotAuthenticated for a request that was seen before, Busy when that cannot be known."""
        seen = f"{claim.consumer_key}\0{claim.token}\0{claim.nonce}".encode()
        if not await self.nonces.take(claim.second, hashlib.sha256(seen).digest()[:16]):
            raise NotAuthenticated("the nonce was used before, or is older than what is remembered").because("nonce")


def carries_signature(header: bytes | None, query: bytes, body: bytes = b"") -> bool:
    """Whether a request means to be signed: by its Authorization header, or by parameters in its query or form body."""
    if header is not None:
        return header[:6].lower() == b"oauth "
    return b"oauth_signature=" in query or b"oauth_signature=" in body


def _header_and_form(call: RawCall) -> tuple[bytes, bytes]:
    """The Authorization header and the form body, each empty where there is none. Two headers of a kind are refused."""
    authorization = None
    types = 0
    for name, value in call.headers:
        if name == b"authorization":
            if authorization is not None:
                raise BadData("two Authorization headers")
            authorization = value
        elif name == b"content-type":
            types += 1
    if types > 1:
        raise BadData("two Content-Type headers")
    return authorization or b"", call.form


def _second(timestamp: str, now: int) -> int:
    """The timestamp as a number, if it lies within the window (RFC 5849 §3.3). Raises WrongTime."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise WrongTime("the timestamp is no number").because("time_unreadable")
    second = int(timestamp)
    if not -WINDOW <= second - now <= WINDOW:
        why = f"the timestamp is {second - now} s away from the server's clock"
        raise WrongTime(why).because("time_old" if second < now else "time_ahead", seconds=abs(second - now))
    return second


def _check_body_hash(claimed: str, body: bytes) -> None:
    """Some clients sign a digest of a body that is no form (draft-eaton-oauth-bodyhash); where it is there it must be right."""
    for hashed in (hashlib.sha1(body), hashlib.sha256(body)):  # noqa: S324 - the extension names SHA-1; the HMAC protects it
        if same(base64.b64encode(hashed.digest()), claimed):
            return
    raise NotAuthenticated("oauth_body_hash is not that of the body").because("body_hash")


def _origins_by_host(settings: Settings) -> dict[bytes, tuple[bytes, ...]]:
    """For each Host header that names one of our origins, the encoded starts of the base strings to try."""
    found: dict[bytes, tuple[bytes, ...]] = {}
    public = base_origin(settings.public_url)
    for number, origin in enumerate(settings.origins):
        parts = urlsplit(origin)
        hosts = {parts.netloc} if parts.port else {parts.netloc, parts.netloc + _DEFAULT_PORTS[parts.scheme]}
        for host in hosts:
            own = public if number == 0 else base_origin(origin)
            found[host.encode()] = (*found.get(host.encode(), ()), own)
    return {host: tuple(dict.fromkeys((*origins, public))) for host, origins in found.items()}
