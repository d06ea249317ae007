"""Load from wrk: plain requests, requests that are each made for themselves, and posts that are each another text."""

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
local tokens, count = {}, 0
for line in io.lines("%s") do tokens[#tokens + 1] = line end
function request()
  count = count + 1
  local body = '{"text":"%s ' .. count .. ' for @ann #bench https://example.org/' .. count .. '"}'
  local headers = { Authorization = tokens[count %% #tokens + 1], ["Content-Type"] = "application/json" }
  return wrk.format("POST", nil, headers, body)
end
"""
_FORMS = """
local forms, place = {}, 0
for line in io.lines("%s") do forms[#forms + 1] = line end
local headers = { ["Content-Type"] = "application/x-www-form-urlencoded", Authorization = "%s" }
function request()
  place = place + 1
  if place > #forms then wrk.thread:stop() end
  return wrk.format("POST", nil, headers, forms[(place - 1) %% #forms + 1])
end
"""


class Result(msgspec.Struct, frozen=True):
    """What wrk measured in one run. Times are in milliseconds."""

    rate: float
    p50: float
    p99: float
    failed: int


def plain(url: str, connections: int, seconds: float, headers: Sequence[str] = ()) -> Result:
    """GET the same URL over and over."""
    return _wrk(url, connections, seconds, [part for header in headers for part in ("-H", header)])


def authorized(url: str, connections: int, seconds: float, folder: Path, headers: Sequence[str]) -> Result:
    """GET with another Authorization header each time."""
    lines = folder / "headers.txt"
    lines.write_text("\n".join(headers))
    return _wrk(url, connections, seconds, ["-s", str(_script(folder, _SIGNED % lines))])


def posting(
    url: str, connections: int, seconds: float, folder: Path, authorizations: Sequence[str], word: str
) -> Result:
    """POST another text each time, in turn as each of these people."""
    lines = folder / "people.txt"
    lines.write_text("\n".join(authorizations))
    return _wrk(url, connections, seconds, ["-s", str(_script(folder, _POSTS % (lines, word)))])


def forms(
    url: str, connections: int, seconds: float, folder: Path, authorization: str, bodies: Sequence[str]
) -> Result:
    """POST each of these forms once; wrk stops early when they are used up."""
    lines = folder / "forms.txt"
    lines.write_text("\n".join(bodies))
    return _wrk(url, connections, seconds, ["-s", str(_script(folder, _FORMS % (lines, authorization)))])


def _script(folder: Path, text: str) -> Path:
    script = folder / "load.lua"
    script.write_text(text)
    return script


def _wrk(url: str, connections: int, seconds: float, more: list[str]) -> Result:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency", *more, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    rate = re.search(r"Requests/sec:\s*([\d.]+)", said)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if rate is None:
        raise RuntimeError(f"wrk said nothing that can be read: {said}")
    return Result(float(rate[1]), _percentile(said, 50), _percentile(said, 99), int(failed[1]) if failed else 0)


def _percentile(said: str, which: int) -> float:
    found = re.search(rf"{which}%\s*([\d.]+)(us|ms|s)", said)
    if found is None:
        raise RuntimeError(f"wrk said nothing that can be read: {said}")
    return float(found[1]) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[found[2]]
