"""The rules by which an App may be suspended, as its owner reads them in the notice (C176, C178)."""

from volary.kit.errors import Invalid
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


def known_rule(word: str) -> str:
    """The word of a rule. Raises Invalid for one that names none."""
    if word not in RULES:
        raise Invalid(_("Choose the rule that the App broke."), field="rule")
    return word
