"""Load from wrk: plain requests, requests that are each signed for themselves, and posts that are each another text."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec

# Counting answers other than 2xx in the script would slow the generator down; wrk's own line about them is read instead.
_SIGNED = """
local headers, place = {}, 0
for line in io.lines("%s") do headers[#headers + 1] = line end
function request()
  place = place %% #headers + 1
  return wrk.format("GET", nil, { Authorization = headers[place] })
end
"""
_POSTS = """
local count = 0
function request()
  count = count + 1
  local body = '{"text":"%s ' .. count .. ' for @ann #bench https://example.org/' .. count .. '"}'
  return wrk.format("POST", nil, { Authorization = "%s", ["Content-Type"] = "application/json" }, body)
end
"""


class Result(msgspec.Struct, frozen=True):
    """What wrk measured in one run."""

    rate: float
    p99: float
    failed: int


def plain(url: str, connections: int, seconds: float, headers: Sequence[str] = ()) -> Result:
    """GET the same URL over and over."""
    return _wrk(url, connections, seconds, [part for header in headers for part in ("-H", header)])


def signed(url: str, connections: int, seconds: float, folder: Path, headers: Sequence[str]) -> Result:
    """GET with another Authorization header each time."""
    lines = folder / "signed.txt"
    lines.write_text("\n".join(headers))
    return _wrk(url, connections, seconds, ["-s", str(_script(folder, _SIGNED % lines))])


def posting(url: str, connections: int, seconds: float, folder: Path, authorization: str, word: str) -> Result:
    """POST another text each time."""
    return _wrk(url, connections, seconds, ["-s", str(_script(folder, _POSTS % (word, authorization)))])


def _script(folder: Path, text: str) -> Path:
    script = folder / "load.lua"
    script.write_text(text)
    return script


def _wrk(url: str, connections: int, seconds: float, more: list[str]) -> Result:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency", *more, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    rate = re.search(r"Requests/sec:\s*([\d.]+)", said)
    p99 = re.search(r"99%\s*([\d.]+)(us|ms|s)", said)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if rate is None or p99 is None:
        raise RuntimeError(f"wrk said nothing that can be read: {said}")
    scale = {"us": 1e-3, "ms": 1.0, "s": 1e3}[p99[2]]
    return Result(float(rate[1]), float(p99[1]) * scale, int(failed[1]) if failed else 0)
