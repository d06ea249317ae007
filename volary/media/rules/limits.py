"""How large media may be, and in which sizes pictures are kept (X facts 5.6, 7.4)."""

MIB = 1024 * 1024
LARGEST_PHOTO, LARGEST_GIF, LARGEST_VIDEO, LARGEST_SUBTITLES = 5 * MIB, 15 * MIB, 512 * MIB, MIB
LARGEST_SEGMENT = 5 * MIB
MOST_SEGMENTS = 1000
MOST_LANGUAGES = 20
"""In which one video has subtitles: they are named in a header, which proxies want short."""

LARGEST = {
    "tweet_image": LARGEST_PHOTO,
    "dm_image": LARGEST_PHOTO,
    "tweet_gif": LARGEST_GIF,
    "dm_gif": LARGEST_GIF,
    "tweet_video": LARGEST_VIDEO,
    "dm_video": LARGEST_VIDEO,
    "amplify_video": LARGEST_VIDEO,
    "subtitles": LARGEST_SUBTITLES,
}
"""The most bytes of a file, by X's category."""

MOST_WAITING = 2 * LARGEST_VIDEO
"""The most bytes that one account may have sent, or announced, and not used yet."""

MOST_UNUSED = 1000
"""The most media that one account may have and not use."""

MOST_PIXELS = 50_000_000
"""Of a picture: what a camera makes, and 200 MB when it is unpacked."""

LONGEST_SIDE = 16_384
MOST_FRAMES, MOST_PIXELS_OF_ALL_FRAMES = 350, 300_000_000
LONGEST_VIDEO_MS = 140_000
LARGEST_VIDEO_SIDE = 4096

SIZES = {"large": 2048, "medium": 1200, "small": 680}
"""The longest side of each size that is kept beside the original; a picture that is smaller anyway has none."""
THUMB = 150
"""The side of the square that is cut from a picture's middle."""
ORIGINAL_SIDE = 4096
"""A picture that is larger is made smaller before it is kept."""

LONGEST_ALT_TEXT = 1000


def category_of(category: str, media_type: str) -> str:
    """X's category, or where none is said the one that fits the declared type. The bytes decide later."""
    if category:
        category = category.lower()
        return {"tweetimage": "tweet_image", "tweetgif": "tweet_gif", "tweetvideo": "tweet_video"}.get(
            category, category
        )
    if media_type.startswith("video/"):
        return "tweet_video"
    if media_type.startswith("text/"):
        return "subtitles"
    return "tweet_gif" if media_type == "image/gif" else "tweet_image"
