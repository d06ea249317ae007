"""The places that trends are kept for: the world and countries, by X's WOEIDs, and which country a person's location names."""

import re
from functools import cache

from babel import Locale

from volary.search.rules.tokens import folded

WORLD = 1
_COUNTRIES = {
    "AE": 23424738,
    "AR": 23424747,
    "AT": 23424750,
    "AU": 23424748,
    "BE": 23424757,
    "BR": 23424768,
    "BY": 23424765,
    "CA": 23424775,
    "CH": 23424957,
    "CL": 23424782,
    "CO": 23424787,
    "DE": 23424829,
    "DK": 23424796,
    "DO": 23424800,
    "DZ": 23424740,
    "EC": 23424801,
    "EG": 23424802,
    "ES": 23424950,
    "FR": 23424819,
    "GB": 23424975,
    "GH": 23424824,
    "GR": 23424833,
    "GT": 23424834,
    "ID": 23424846,
    "IE": 23424803,
    "IL": 23424852,
    "IN": 23424848,
    "IT": 23424853,
    "JO": 23424860,
    "JP": 23424856,
    "KE": 23424863,
    "KR": 23424868,
    "KW": 23424870,
    "LB": 23424873,
    "LV": 23424874,
    "MX": 23424900,
    "MY": 23424901,
    "NG": 23424908,
    "NL": 23424909,
    "NO": 23424910,
    "NZ": 23424916,
    "OM": 23424898,
    "PA": 23424924,
    "PE": 23424919,
    "PH": 23424934,
    "PK": 23424922,
    "PL": 23424923,
    "PR": 23424935,
    "PT": 23424925,
    "QA": 23424930,
    "RU": 23424936,
    "SA": 23424938,
    "SE": 23424954,
    "SG": 23424948,
    "TH": 23424960,
    "TR": 23424969,
    "UA": 23424976,
    "US": 23424977,
    "VE": 23424982,
    "VN": 23424984,
    "ZA": 23424942,
}
_ALSO = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
    "u.s.": "US",
    "us": "US",
    "united states of america": "US",
    "america": "US",
    "holland": "NL",
    "the netherlands": "NL",
    "schweiz": "CH",
    "suisse": "CH",
    "espana": "ES",
    "brasil": "BR",
    "italia": "IT",
    "polska": "PL",
    "osterreich": "AT",
    "belgique": "BE",
    "korea": "KR",
}
_LANGUAGES = ("en", "nl", "de", "fr", "es")
_BETWEEN = re.compile(r"[,/|·•;()]")

PLACES = frozenset({WORLD, *_COUNTRIES.values()})


def place_of(location: str, country: str) -> int | None:
    """The country that a person names in their location, the last part first; else the one that they chose in their settings."""
    names = _by_name()
    for part in reversed(_BETWEEN.split(location)):
        if found := names.get(folded(part).strip()):
            return found
    return _COUNTRIES.get(country.upper())


@cache
def _by_name() -> dict[str, int]:
    """Countries by their names in some languages. Loading them takes a moment, so it is done when the first is asked for."""
    found = {name: _COUNTRIES[code] for name, code in _ALSO.items()}
    for language in _LANGUAGES:
        territories = Locale(language).territories
        found.update((folded(str(territories[code])).strip(), place) for code, place in _COUNTRIES.items())
    return found
