"""Calling addresses that somebody typed: nothing inside is reached, and nothing that answers can hold this server."""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.webhooks.receiver import Receiver, Reply, receiving, status
from volary.webhooks.rules.posting import MOST_READ, SHOWN, NoAnswer, addresses_of, post
from volary.webhooks.rules.targets import BadTarget, checked_addresses, is_public, target_of

HERE = (ipaddress.ip_network("127.0.0.0/8"),)

INSIDE = [
    *("127.0.0.1", "::1", "0.0.0.0", "::", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.9.9", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.255", "198.18.0.1", "198.19.255.255", "192.0.0.1", "192.0.0.8"),
    *("240.0.0.1", "255.255.255.255", "224.0.0.1", "239.1.2.3", "192.0.2.1", "198.51.100.1", "203.0.113.1"),
    *("fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1", "::ffff:127.0.0.1"),
    *(
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2001::1",
        "192.88.99.1",
    ),
    *("fd00:ec2::254", "5f00::1", "3fff::1"),
]
OUTSIDE = [
    "93.184.216.34",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.32.0.1",
    "2606:2800:220:1::1",
    "2a00:1450::1",
]


def leading_to(*addresses: str) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A resolver that knows one name."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


@pytest.mark.attack("SR-229")
@pytest.mark.parametrize("address", INSIDE)
async def test_nothing_inside_is_called(address: str) -> None:
    """By its address or by a name: the trap on this machine sees no connection, whatever the answer to a name is."""
    assert not is_public(ipaddress.ip_address(address))
    async with receiving() as trap:
        host = f"[{address}]" if ":" in address else address
        for url in (f"https://{host}/", f"https://{host}:{trap.port}/", f"http://{host}:{trap.port}/"):
            with pytest.raises(BadTarget, match="not a public address"):
                await post(target_of(url), {}, b"{}")
        with pytest.raises(BadTarget, match="not a public address"):
            await post(target_of("https://name.example/"), {}, b"{}", resolve=leading_to(address))
        await asyncio.sleep(0)
        assert trap.connections == 0


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_addresses_may_be_called(address: str) -> None:
    target = target_of("https://name.example/")
    assert checked_addresses(target, [address], ()) == [str(ipaddress.ip_address(address))]


@pytest.mark.attack("SR-229")
@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://127.1/", "http://localhost/"]
)
async def test_other_spellings_of_this_machine_are_no_way_in(url: str) -> None:
    """The system's resolver reads these as 127.0.0.1 or does not read them at all; it is its answer that is checked."""
    with pytest.raises((BadTarget, NoAnswer)):
        await post(target_of(url), {}, b"{}")


@pytest.mark.attack("SR-231")
@pytest.mark.parametrize("found", [("93.184.216.34", "127.0.0.1"), ("127.0.0.1", "93.184.216.34"), ("::1", "8.8.8.8")])
async def test_a_name_with_one_address_too_many_is_refused(found: tuple[str, ...]) -> None:
    with pytest.raises(BadTarget, match="not a public address"):
        await post(target_of("https://name.example/"), {}, b"{}", resolve=leading_to(*found))


@pytest.mark.attack("SR-231")
async def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    """The name is asked for once: the second answer, which leads elsewhere, is never heard."""
    answers = [["127.0.0.1"], ["127.0.0.2"]]

    async def resolve(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    async with receiving() as receiver:
        target = target_of(f"http://name.example:{receiver.port}/hook")
        assert (await post(target, {}, b"{}", HERE, resolve=resolve)).status == 200
    assert len(answers) == 1
    assert receiver.got[0].headers["host"] == f"name.example:{receiver.port}"


@pytest.mark.attack("SR-233")
@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://name.example/", "gopher://name.example/", "data:text/plain,hello", "dict://x/"),
        *("jar:https://name.example/!/", "//name.example/", "name.example", "", "https://", "https:///path"),
        *("https://user:pass@name.example/", "https://user@name.example/", "https://name.example/#part"),
        *("https://name.example/\r\nx: y", "https://name.example/ x", "https://name.example\\@evil.example/"),
        *("https://name.example:99999/", "https://[::1", "https://näme.example/", "https://name.example/" + "x" * 500),
        *(f"https://{'a' * 64}.example/", "https://name..example/", "https://./"),
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(BadTarget):
        target_of(url)


@pytest.mark.attack("SR-233")
@pytest.mark.parametrize(
    "url", [*(f"https://name.example:{port}/" for port in (22, 6379, 5432, 80, 8443)), "http://name.example/"]
)
async def test_public_addresses_are_called_by_https_on_its_own_port_alone(url: str) -> None:
    with pytest.raises(BadTarget, match="https"):
        await post(target_of(url), {}, b"{}", resolve=leading_to("93.184.216.34"))


async def test_a_network_that_the_operator_named_may_be_called() -> None:
    async with receiving() as receiver:
        answer = await post(target_of(f"http://127.0.0.1:{receiver.port}/hook?a=1"), {"x": "y"}, b"{}", HERE)
    assert (answer.status, answer.body) == (200, "thank you")
    (got,) = receiver.got
    assert (got.line, got.headers["x"], got.body) == ("POST /hook?a=1 HTTP/1.1", "y", b"{}")


async def test_one_family_of_networks_says_nothing_of_the_other() -> None:
    with pytest.raises(BadTarget):
        checked_addresses(target_of("http://name.example:8080/"), ["::1"], HERE)


async def _hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(600)


async def _drip(writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"x" * 10_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.02)


async def _headers_without_end(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        writer.write(b"x-%d: 1\r\n" % number)
        await writer.drain()


async def _body_without_end(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n")
    while True:
        writer.write(b"x" * 10_000)
        await writer.drain()


async def _chunks_without_end(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\nx\r\n")
        await writer.drain()


async def _informing_without_end(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()


async def _garbage(writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    await writer.drain()


async def _nothing(writer: asyncio.StreamWriter) -> None:
    return


async def _answered(receiver: Receiver, reply: Reply, seconds: float = 10) -> tuple[int, str]:
    receiver.replies = [reply]
    answer = await post(target_of(f"http://127.0.0.1:{receiver.port}/"), {}, b"{}", HERE, seconds=seconds)
    return answer.status, answer.body


@pytest.mark.attack("SR-234")
@pytest.mark.parametrize("reply", [_hang, _drip])
async def test_a_receiver_that_never_ends_is_left_after_the_deadline(reply: Reply) -> None:
    async with receiving() as receiver:
        with pytest.raises(NoAnswer, match=r"within 0\.3 seconds"):
            await _answered(receiver, reply, seconds=0.3)


@pytest.mark.attack("SR-234")
@pytest.mark.parametrize("reply", [_headers_without_end, _garbage, _nothing, _informing_without_end])
async def test_what_is_no_answer_is_none(reply: Reply) -> None:
    """A thousand headers, headers without end, and what speaks something else."""
    async with receiving() as receiver:
        with pytest.raises(NoAnswer):
            await _answered(receiver, reply)


@pytest.mark.attack("SR-234")
@pytest.mark.parametrize("reply", [_body_without_end, _chunks_without_end])
async def test_of_a_body_without_end_only_the_beginning_is_read(reply: Reply) -> None:
    async with receiving() as receiver:
        code, body = await _answered(receiver, reply)
    assert code == 200
    assert body == "x" * SHOWN
    assert MOST_READ < 100_000


@pytest.mark.attack("SR-234")
async def test_nothing_is_unpacked() -> None:
    """A gigabyte that is packed into a few bytes stays packed."""
    packed = b"\x1f\x8b\x08\x00" + b"\x00" * 40
    async with receiving() as receiver:
        code, body = await _answered(receiver, status(200, packed, "content-encoding: gzip"))
        assert receiver.got[0].headers["accept-encoding"] == "identity"
    assert code == 200
    assert len(body) <= len(packed)


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with receiving() as trap, receiving() as receiver:
        moved = status(307, b"", f"location: http://127.0.0.1:{trap.port}/")
        assert (await _answered(receiver, moved))[0] == 307
        assert trap.connections == 0


@pytest.mark.attack("SR-284")
async def test_an_answer_is_shown_as_one_line_of_plain_text() -> None:
    async with receiving() as receiver:
        _, body = await _answered(receiver, status(500, b"one\r\ntwo\x1b[31m\xff\xe2\x80\xae"))
    assert body.isprintable()
    assert body.startswith("one  two")


async def test_nobody_there_is_no_answer() -> None:
    async with receiving() as receiver:
        port = receiver.port
    with pytest.raises(NoAnswer):
        await post(target_of(f"http://127.0.0.1:{port}/"), {}, b"{}", HERE)


async def test_the_system_knows_this_machine() -> None:
    """The control of the resolver's part in all of the above."""
    assert set(await addresses_of("localhost", 80)) & {"127.0.0.1", "::1"}
