"""Names that look alike: letters of other scripts, digits and pairs of letters that pass for Latin letters (UTS #39, its idea of a
skeleton; decision 0033 measures this table against the Unicode Consortium's).

A name has two keys, since a capital I passes for a small l in some typefaces and is a small i to whoever reads "PIXEL":

    reading   as people read it aloud: case is folded, look-alikes are letters         PIXEL, Pixel, Рixеl → pixel
    shape     as it is drawn: a capital I, a bar and a 1 are a small l, rn is an m      Voiary (with capital I) → volary
"""

import unicodedata

_TABLE = {
    "a": "АаΑαɑ⍺ᎪᴀꓮᗅꭺӐ",
    "b": "ВЬΒƅᏴᏏᗷꓐᖯʙᑲᏼꞴ",
    "c": "СсϹϲᏟᴄⅽꓚⲤⲥↄ",
    "d": "ԁᎠꓓᗞᑯᏧꓒⅾᗪ",
    "e": "ЕеΕҽ℮Ꭼꓰⴹεєᴇҿꬲ",
    "f": "ϜꓝᖴꞘꞙẝƒꬵք",
    "g": "ԌɡցᶃᏀꓖƍɢᏳ",
    "h": "НнΗһհᎻᏂꓧᕼⲎ",
    "i": "іıɩιᎥꙇɪ⍳",
    "j": "ЈјͿϳȷᎫꓙᒍᴊꞲ",
    "k": "КкΚκᏦꓗⲔĸᴋᛕ",
    "l": "ⅼᏞꓡᒪℓʟⳐ",
    "m": "МмΜᎷꓟⲘⅿᗰᴍϺᛖ",
    "n": "ΝոռꓠⲚᴎɴ",
    "o": "ОоΟοՕօσᴏᴑꓳⲞⲟഠംಂ೦०০੦૦௦౦൦๐໐၀០٥۵ංꬽჿဝ୦〇ⵔዐଠ",
    "p": "РрΡρᏢꓑᑭⲢⲣ⍴ϱᴘ",
    "q": "ԛԚգզႭⵕ",
    "r": "гᎡᏒꓣᖇᴦꭇꮁⲅʀꭈ",
    "s": "ЅѕՏᏕᏚꓢꜱƽ",
    "t": "ТтΤτᎢꓔⲦᴛ⊤⟙",
    "u": "υսՍꓴᑌʋᴜꭎꞟꭒሀ",
    "v": "νѵѴᏙꓦᴠⅴ٧۷∨⋁ⴸᐯꛟ",
    "w": "ԜԝաᎳᏔꓪѡᴡɯ",
    "x": "ХхΧχꓫⲬⅹᕁ᙭×᙮⨯ᕽ╳Ꭓⵝᚷ",
    "y": "УуүҮΥγყꓬⲨʏỿɣᶌꭚϒᎩᎽ",
    "z": "ΖᏃꓜᴢʐ",
    "3": "ЗзƷӠꝪꞫЭȜⳌ",
    "2": "ꝚƧϨꙄᒿꛯ",
    "4": "Ꮞ",
    "5": "Ƽ",
    "6": "бⳒᏮ",
    "8": "Ȣȣঃଃ੪৪",
    "9": "৭੧୨൭Ⳋꝯ",
    "-": "‐‑‒–—−ー﹣",
    "'": "`´‘’‛ʹʼʻ′",
    ".": "․۔܁٠",
}
_LETTERS = {ord(like): plain for plain, many in _TABLE.items() for like in many}
_BARS = "IІӀӏΙⲒⵏꓲǀ|∣1١۱ǃ!Ɩᛁ⏽￨"
_READ = _LETTERS | {ord(bar): "i" for bar in _BARS if bar not in "1|!"}
_DRAWN = _LETTERS | {ord(bar): "l" for bar in _BARS} | {ord("0"): "o"}
_PAIRS = (("rn", "m"), ("vv", "w"))


def reading(name: str) -> str:
    """What two names share that people read the same."""
    return _plain(_plain(name).translate(_READ).casefold())


def shape(name: str) -> str:
    """What two names share that are drawn the same."""
    drawn = _plain(_plain(name).translate(_DRAWN).casefold())
    for pair, letter in _PAIRS:
        drawn = drawn.replace(pair, letter)
    return drawn


def _plain(name: str) -> str:
    """Compatibility forms as plain letters, as far as Unicode itself knows them: full-width, mathematical, ligatures."""
    return unicodedata.normalize("NFKC", name)
