"""Reading subtitles: SubRip or WebVTT, as text and nothing else. Runs in the process of `worker`."""

import re
from pathlib import Path

from volary.media.errors import Unreadable
from volary.media.rules.found import Read

_TIMES = re.compile(r"^(?:\d{1,3}:)?\d{2}:\d{2}[.,]\d{3} --> (?:\d{1,3}:)?\d{2}:\d{2}[.,]\d{3}", re.MULTILINE)
_WRONG = "Subtitles are a SubRip or WebVTT file in UTF-8."


def read_subtitles(source: Path, folder: Path) -> Read:
    """Check a file of subtitles, and keep it with plain line ends. Raises Unreadable."""
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)[:200], _WRONG) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _TIMES.search(text) is None or any(one < " " and one not in "\n\t" for one in text):
        raise Unreadable("no times, or control characters", _WRONG)
    (folder / "orig").write_text(text, "utf-8")
    return Read("subtitles", "vtt" if text.startswith("WEBVTT") else "srt", 0, 0, ["orig"])
