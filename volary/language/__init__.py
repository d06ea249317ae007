"""Catalogues and translation, for pages, mails and the command line.

English sentences are the ids: code and templates say what an English reader sees, with %(name)s places, and one gettext file for each
room and language (`locales/nl/<room>.po`) says it in the others. `mark` names a sentence that is translated later; `translate` does it.

    from volary.language import mark as _
    TAKEN = _("This username is taken.")
    translate("nl", TAKEN)
"""

from volary.language.catalogues import LANGUAGES, Language, catalogue, mark, translate, translate_plural
from volary.language.choose import chosen

__all__ = ["LANGUAGES", "Language", "catalogue", "chosen", "mark", "translate", "translate_plural"]
