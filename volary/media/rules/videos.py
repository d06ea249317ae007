"""Reading short videos, and writing them anew without what they tell about their maker. Runs in the process of `worker` (decision 0038).

The pictures and the sound are copied as they are, into a container of our own that begins with its index, so that it plays while it comes
in; titles, places and everything else that the file says are left behind. One picture is decoded, as the preview.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from volary.media.errors import Unreadable
from volary.media.rules.found import Read
from volary.media.rules.limits import LARGEST_VIDEO_SIDE, LONGEST_VIDEO_MS

_PREVIEW_SIDE = 1280
_SHORTEST_MS = 100


def read_video(source: Path, folder: Path) -> Read:
    """Read an MP4 with H.264 pictures and AAC sound, and write it anew into a folder. Raises Unreadable."""
    try:
        # Only this demuxer, and only this one file: no list of files, no address, nothing that a file could refer to.
        with source.open("rb") as file, av.open(file, format="mp4", options={"enable_drefs": "0"}) as container:
            return _read(container, folder)
    except Unreadable:
        raise
    except Exception as error:  # a broken file makes the library raise nearly anything
        raise Unreadable(repr(error)[:300]) from error


def _read(container: Any, folder: Path) -> Read:
    video, sound = _streams(container)
    duration = int(container.duration or 0) // 1000
    if not _SHORTEST_MS <= duration <= LONGEST_VIDEO_MS:
        raise Unreadable(f"{duration} ms", "A video lasts between 0.1 and 140 seconds.")
    width, height = video.codec_context.width, video.codec_context.height
    if min(width, height) < 32 or max(width, height) > LARGEST_VIDEO_SIDE:
        raise Unreadable(f"{width} × {height}", "This video's pictures are too large or too small.")
    frame = next(container.decode(video))
    wide, high = _scaled(width, height)
    frame.to_image(width=wide, height=high).save(folder / "poster", "JPEG", quality=85)
    container.seek(0)
    _copied(container, [one for one in (video, sound) if one is not None], folder / "orig")
    size = (folder / "orig").stat().st_size
    return Read("video", "mp4", width, height, ["orig", "poster"], duration, size * 8000 // duration)


def _streams(container: Any) -> tuple[Any, Any]:
    """The one stream of pictures and the one of sound, if any. Raises Unreadable."""
    pictures, sounds = list(container.streams.video), list(container.streams.audio)
    if len(pictures) != 1 or len(sounds) > 1:
        raise Unreadable(f"{len(pictures)} streams of pictures, {len(sounds)} of sound")
    if pictures[0].codec_context.name != "h264" or any(one.codec_context.name != "aac" for one in sounds):
        names = [one.codec_context.name for one in (*pictures, *sounds)]
        raise Unreadable(", ".join(names), "A video is an MP4 file with H.264 pictures and AAC sound.")
    pictures[0].codec_context.thread_count = 1  # threads take address space, which is limited here
    return pictures[0], sounds[0] if sounds else None


def _scaled(width: int, height: int) -> tuple[int, int]:
    part = min(Fraction(1), Fraction(_PREVIEW_SIDE, max(width, height)))
    return max(1, int(width * part)), max(1, int(height * part))


def _copied(container: Any, streams: list[Any], target: Path) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(target), "w", format="mp4", options=options) as out:
        twins = {}
        for one in streams:
            twins[one.index] = out.add_stream_from_template(one)
            twins[one.index].metadata.clear()
        out.metadata.clear()
        for packet in container.demux(streams):
            if packet.dts is not None:
                packet.stream = twins[packet.stream.index]
                out.mux(packet)
