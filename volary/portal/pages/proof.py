"""Before an App, its keys or its callback URLs change, a session whose password was entered long ago is asked for it again (SR-163)."""

from volary.language import mark as _
from volary.sessions.actions.again import FIELD, proven_by

__all__ = ["FIELD", "proven"]

proven = proven_by(
    _(
        "You are about to change an App or its keys, and you entered your password a while ago. "
        "Enter it once more; what you have just filled in is kept."
    ),
    back="/portal",
)
"""Declare, below `@page`, that a form is carried out only for whoever entered the account's password lately."""
