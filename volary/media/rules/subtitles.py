"""Reading subtitles: SubRip or WebVTT, as text and nothing else. Runs in the process of `worker`.

What is kept is WebVTT, written anew from the cues alone: players in browsers read nothing else, and styles, notes and titles are left out.
"""

import re
from pathlib import Path

from volary.media.errors import Unreadable
from volary.media.rules.found import Read

_AT = r"(?:(\d{1,3}):)?(\d{2}):(\d{2})[.,](\d{3})"
_TIMES = re.compile(rf"^{_AT}[ \t]+-->[ \t]+{_AT}([ \t][^\n]*)?$", re.MULTILINE)
_WRONG = "Subtitles are a SubRip or WebVTT file in UTF-8."


def read_subtitles(source: Path, folder: Path) -> Read:
    """Check a file of subtitles, and keep its cues. Raises Unreadable."""
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)[:200], _WRONG) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    cues = [cue for block in text.split("\n\n") if (cue := _cue(block)) is not None]
    if not cues or any(one < " " and one not in "\n\t" for one in text):
        raise Unreadable("no times, or control characters", _WRONG)
    (folder / "orig").write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n", "utf-8")
    return Read("subtitles", "vtt", 0, 0, ["orig"])


def _cue(block: str) -> str | None:
    """A block as a cue: its times and what is said from there on; None for what is no cue (a header, a style, a note)."""
    found = _TIMES.search(block)
    if found is None or block.startswith(("NOTE", "STYLE", "REGION")):
        return None
    start, end, how = found.groups()[:4], found.groups()[4:8], found[9] or ""
    said = block[found.end() :].strip("\n").replace("-->", "--&gt;")  # an arrow in the words would begin another cue
    return f"{_moment(*start)} --> {_moment(*end)}{how.replace('-->', '')}\n{said}"


def _moment(hours: str | None, minutes: str, seconds: str, thousandths: str) -> str:
    return f"{int(hours or 0):02d}:{minutes}:{seconds}.{thousandths}"
