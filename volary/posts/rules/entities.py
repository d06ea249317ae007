"""What stands in a post's text: links, mentions, hashtags, cashtags, each with its place.

Places are counted in code points of the text as it is kept. A link wins over what stands inside it.
"""

import re
from collections.abc import Sequence

import msgspec

Span = tuple[int, int, str]
"""Where something starts, where it ends, and its text without the leading sign."""

_TLDS = (
    "com|org|net|edu|gov|mil|int|info|biz|name|pro|io|ai|app|dev|co|me|tv|cc|ly|gl|gg|fm|xyz|online|site|store|shop|tech|blog"
    "|news|live|cloud|page|link|social|media|design|world|life|today|agency|email|museum|travel|jobs|mobi|asia|cat|tel|test|example"
    "|de|nl|uk|eu|fr|be|at|ch|es|it|pt|pl|cz|sk|se|no|dk|fi|ie|gr|hu|ro|bg|hr|si|lt|lv|ee|is|lu|ru|ua|tr|il|in|cn|jp|kr|tw|hk|sg"
    "|my|id|th|vn|ph|au|nz|za|ng|ke|eg|ma|br|ar|cl|pe|mx|us|ca"
)
_HOST = r"(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+"
_IN_LINK = r"[!#-&(-;=?-~\u00c0-\u024f\u0400-\u04ff]"
"""What a link holds after its host: a link ends where Chinese, Japanese or Korean goes on without a blank (X facts 5.5)."""
_TAIL = rf"(?::\d{{2,5}})?(?:/{_IN_LINK}*)?(?:\?{_IN_LINK}*)?(?:#{_IN_LINK}*)?"
_LINK = re.compile(
    r"(?<![A-Za-z0-9_@#$./\-\uff20\uff03\u00c0-\u024f])"
    rf"(?:https?://(?:{_HOST}[a-z]{{2,63}}|(?:\d{{1,3}}\.){{3}}\d{{1,3}})|{_HOST}(?:{_TLDS})(?![A-Za-z0-9_-]))" + _TAIL,
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"(?<![A-Za-z0-9_@!#$%&*\uff20])[@\uff20]([A-Za-z0-9_]{1,15})(?![A-Za-z0-9_@\uff20\u00c0-\u024f]|://)"
)
_HASHTAG = re.compile(r"(?<![\w&#])[#\uff03]([^\W_]*[^\W\d_]\w*|\d+_\w*[^\W\d]\w*)(?![#\uff03])")
_CASHTAG = re.compile(r"(?<![\w$])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?![\w$])")
_SIGNED = ((_MENTION, "@\uff20"), (_HASHTAG, "#\uff03"), (_CASHTAG, "$"))
"""Each pattern with the signs that it begins with: most texts have none of them."""
_TRAILING = ".,:;!?)]}'\"…»"


class Entities(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything found in a text. Mentions carry the account that the name belonged to when the post was made, 0 for nobody.

    `lead` is how much of the text stands before what its author wrote: the names that an answer was given by itself. `tagged` are the
    accounts that the author says are in the pictures.
    """

    urls: tuple[Span, ...] = ()
    mentions: tuple[tuple[int, int, str, int], ...] = ()
    hashtags: tuple[Span, ...] = ()
    cashtags: tuple[Span, ...] = ()
    lead: int = 0
    tagged: tuple[int, ...] = ()


def urls_in(text: str) -> list[Span]:
    """Links, with or without a scheme. Punctuation that ends a sentence is not part of a link."""
    if "." not in text:
        return []
    return [
        (found.start(), found.start() + len(link), link) for found in _LINK.finditer(text) if (link := _cut(found[0]))
    ]


def entities_of(text: str, links: Sequence[Span]) -> Entities:
    """Read a text in which `urls_in` found these links. Mentions are not resolved yet: their account is 0."""
    mentions, hashtags, cashtags = (
        _outside(pattern, text, links) if any(sign in text for sign in signs) else () for pattern, signs in _SIGNED
    )
    return Entities(tuple(links), tuple((start, end, name, 0) for start, end, name in mentions), hashtags, cashtags)


def _cut(link: str) -> str:
    end, closed = len(link), link.count(")") - link.count("(")
    while end and link[end - 1] in _TRAILING and (link[end - 1] != ")" or closed > 0):
        closed -= link[end - 1] == ")"
        end -= 1
    return link[:end]


def _outside(pattern: re.Pattern[str], text: str, links: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(
        (found.start(), found.end(), found[1])
        for found in pattern.finditer(text)
        if not (links and any(start <= found.start() < end for start, end, _ in links))
    )
