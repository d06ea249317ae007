"""Debian's nginx and HAProxy, run on loopback with the very files of docs/proxies: only names, ports and paths are put in."""

import contextlib
import datetime as dt
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.house import tree

FILES = tree.ROOT / "docs" / "proxies"


class Edge(msgspec.Struct, frozen=True):
    """A running proxy: its https and http ports, the certificate to trust, and how to take nodes out of its rotation."""

    kind: str
    folder: Path
    https: int
    http: int
    nodes: tuple[int, ...]

    @property
    def certificate(self) -> str:
        return str(self.folder / "fullchain.pem")

    def take_out(self, node: int) -> None:
        """Send a node no further request."""
        self._set(node, out=True)

    def put_back(self, node: int) -> None:
        """Let a node have requests again, and wait until it gets them."""
        self._set(node, out=False)
        until = time.monotonic() + 60
        while self.kind == "haproxy" and f"volary,{self._name(node)},UP" not in self._told("show stat -1 4 -1"):
            assert time.monotonic() < until
            time.sleep(0.1)

    def _name(self, node: int) -> str:
        return "ab"[self.nodes.index(node)]

    def _told(self, command: str) -> str:
        """HAProxy's answer to a command; of its statistics the proxy, the server and the state."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as admin:
            admin.connect(str(self.folder / "admin.sock"))
            admin.sendall(f"{command}\n".encode())
            heard = b""
            while part := admin.recv(65_536):
                heard += part
        lines = [line.split(",") for line in heard.decode().strip().splitlines()]
        return "\n".join(",".join((*line[:2], line[17])) if len(line) > 17 else ",".join(line) for line in lines)

    def _set(self, node: int, *, out: bool) -> None:
        if self.kind == "haproxy":
            state = "drain" if out else "ready"
            assert self._told(f"set server volary/{self._name(node)} state {state}") == ""
            return
        file = self.folder / f"volary-without-{self._name(node)}"
        if out:
            file.touch()
            time.sleep(0.5)  # requests that looked for it before it was there have reached the node long since
        else:
            file.unlink()


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.fail(f"{name} is not here: bin/test --full installs it, or: apt-get install {name}")
    return found


@contextmanager
def edge(kind: str, folder: Path, nodes: Sequence[int], ports: Sequence[int]) -> Iterator[Edge]:
    """Run a proxy in front of nodes until the block ends. `ports` are its own, for https and http."""
    made = Edge(kind, folder, ports[0], ports[1], tuple(nodes))
    _certify(folder)
    file = folder / ("nginx.conf" if kind == "nginx" else "haproxy.cfg")
    file.write_text((_nginx if kind == "nginx" else _haproxy)(made))
    command = [program(kind), *(["-g", "daemon off;", "-c"] if kind == "nginx" else ["-f"]), str(file)]
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _until_listening(made, process)
            yield made
        finally:
            process.terminate()
            process.wait(30)


def _nginx(made: Edge) -> str:
    text = _common(
        (FILES / "nginx.conf").read_text(), made, second=r"# A second node \(PostgreSQL and Valkey\): (server .*;)"
    )
    text = re.sub(r"^user .*\n", "user root;\n" if os.geteuid() == 0 else "", text, flags=re.MULTILINE)
    text = text.replace("listen 443", f"listen 127.0.0.1:{made.https}").replace(
        "listen 80", f"listen 127.0.0.1:{made.http}"
    )
    if len(made.nodes) > 1:
        text = text.replace("#2 ", "")
    for name, place in [
        ("/run/volary-", "volary-"),
        ("/run/nginx.pid", "pid"),
        ("/var/log/nginx/", ""),
        ("/etc/ssl/volary/", ""),
    ]:
        text = text.replace(name, f"{made.folder}/{place}")
    bodies = f"client_body_temp_path {made.folder}/bodies; proxy_temp_path {made.folder}/answers;"
    return text.replace("http {", f"http {{ {bodies}", 1)


def _haproxy(made: Edge) -> str:
    text = _common(
        (FILES / "haproxy.cfg").read_text(), made, second=r"# A second node \(PostgreSQL and Valkey\): (server .*)"
    )
    text = re.sub(r"^ +(user|group|log /dev/log) .*\n", "", text, flags=re.MULTILINE)
    text = text.replace("bind :443", f"bind 127.0.0.1:{made.https}").replace("bind :80", f"bind 127.0.0.1:{made.http}")
    text = text.replace("/etc/haproxy/volary.pem", f"{made.folder}/volary.pem")
    return text.replace("/run/haproxy/admin.sock", f"{made.folder}/admin.sock")


def _common(text: str, made: Edge, second: str) -> str:
    if len(made.nodes) > 1:
        text = re.sub(second, r"\1", text)
    for written, node in zip(("8000", "8001"), made.nodes, strict=False):
        text = text.replace(f"127.0.0.1:{written}", f"127.0.0.1:{node}")
    text = text.replace("hdr Host volary.example", f"hdr Host localhost:{made.https}")
    return text.replace("volary.example", "localhost")


def _certify(folder: Path) -> None:
    """A certificate for localhost that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    chain = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for file, content in [("fullchain.pem", chain), ("privkey.pem", secret), ("volary.pem", chain + secret)]:
        (folder / file).write_bytes(content)


def _until_listening(made: Edge, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", made.https), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"{made.kind} did not start: {(made.folder / 'proxy.log').read_text()}")
