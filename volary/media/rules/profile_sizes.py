"""The sizes of pictures and banners of profiles, by the names of their files (X facts 7.4)."""

PORTRAITS = {"400x400": 400, "200x200": 200, "bigger": 73, "normal": 48, "mini": 24}
"""Sides of a portrait. The largest stands for the original."""

BANNERS = {
    "1500x500": (1500, 500),
    "600x200": (600, 200),
    "300x100": (300, 100),
    "ipad": (626, 313),
    "ipad_retina": (1252, 626),
    "web": (520, 260),
    "web_retina": (1040, 520),
    "mobile": (320, 160),
    "mobile_retina": (640, 320),
}
"""Widths and heights of a banner."""
