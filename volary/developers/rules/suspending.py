"""The rules by which an App may be suspended, as its owner reads them in the notice (C176, C178)."""

from volary.language import mark as _

TERMS = _("Developer terms")
RULES = {
    "terms": TERMS,
    "automation": _("Automation rules"),
    "spam": _("Spam and bulk actions"),
    "privacy": _("People's privacy and their data"),
    "security": _("Security of keys and tokens"),
    "names": _("Names that mislead people"),
}
"""The rules, by the word that operators type."""
