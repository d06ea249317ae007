"""Files that people send: pictures, GIFs and videos that are what they say, made here."""

import functools
import io
from typing import Any

from PIL import Image


def drawn(width: int = 320, height: int = 200, mode: str = "RGB", shift: int = 0) -> Image.Image:
    """A picture that is the same nowhere."""
    ramp = Image.linear_gradient("L").resize((width, height))
    other = ramp.rotate(180).point(lambda value: (value + shift) % 256)
    return Image.merge("RGB", (ramp, other, ramp.transpose(Image.Transpose.ROTATE_180))).convert(mode)


@functools.cache
def picture(kind: str = "PNG", width: int = 320, height: int = 200, mode: str = "RGB") -> bytes:
    """A picture in a format."""
    return saved(drawn(width, height, mode), kind)


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    """The file of a picture."""
    kept = io.BytesIO()
    image.save(kept, kind, **how)
    return kept.getvalue()


@functools.cache
def animation(frames: int = 5, width: int = 64, height: int = 48) -> bytes:
    """An animated GIF."""
    first, *rest = [drawn(width, height, shift=40 * number) for number in range(frames)]
    return saved(first, "GIF", save_all=True, append_images=rest, duration=100, loop=0)


@functools.cache
def video(seconds: float = 1.0, width: int = 160, height: int = 120, codec: str = "libx264", place: str = "") -> bytes:
    """A video without sound; `place` is what a camera writes about where it was."""
    import av  # heavy, and only these tests need it

    kept = io.BytesIO()
    from_image: Any = av.VideoFrame.from_image
    with av.open(kept, "w", format="mp4", options={"movflags": "use_metadata_tags"}) as out:
        if place:
            out.metadata["location"] = place
            out.metadata["comment"] = place
        stream: Any = out.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(int(seconds * 10)):
            frame = from_image(drawn(width, height, shift=5 * number))
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return kept.getvalue()


def subtitles(words: str = "A slope") -> bytes:
    """A file of subtitles."""
    return f"1\r\n00:00:00,000 --> 00:00:01,000\r\n{words}\r\n".encode()


def multipart(fields: dict[str, str], **files: bytes) -> tuple[bytes, str]:
    """A multipart body and its Content-Type."""
    mark = "boundary-of-these-tests"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields.items()
    ]
    for name, content in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\nContent-Type: application/octet-stream\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
