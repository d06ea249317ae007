"""The accent colour that an operator may choose, made readable.

Whatever colour is set, text in it and text on it keep a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3), in light and in dark: the colour
is darkened or lightened until they do.
"""

import re

_COLOUR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
_ENOUGH = 4.6
_STEPS = 50

Colour = tuple[float, float, float]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
LIGHT_GROUND: Colour = (244, 243, 239)
DARK_GROUND: Colour = (38, 37, 34)


def accent_rules(accent: str) -> str:
    """Style rules that replace the accent's tokens; empty when no colour is set or the text is none."""
    found = _COLOUR.fullmatch(accent)
    if not found:
        return ""
    red, green, blue = (int(part, 16) for part in found.groups())
    light = readable((red, green, blue), LIGHT_GROUND, towards=BLACK)
    dark = readable((red, green, blue), DARK_GROUND, towards=WHITE)
    return (
        "@layer accent{"
        f":root{{--accent:{_text(light)};--on-accent:#ffffff}}"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{_text(dark)};--on-accent:{_text(DARK_GROUND)}}}}}"
        "}"
    )


def readable(colour: Colour, ground: Colour, *, towards: Colour) -> Colour:
    """The colour, mixed with black or white just as far as it needs to stand out from its ground."""
    for step in range(_STEPS + 1):
        share = step / _STEPS
        red, green, blue = (a + (b - a) * share for a, b in zip(colour, towards, strict=True))
        if contrast((red, green, blue), ground) >= _ENOUGH:
            return red, green, blue
    return towards


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _text(colour: Colour) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in colour)
