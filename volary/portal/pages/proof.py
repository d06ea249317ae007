"""Before an App, its keys or its callback URLs change, a session whose password was entered long ago is asked for it again (SR-163)."""

from volary.sessions.actions.again import FIELD, proven_by

__all__ = ["FIELD", "proven"]

proven = proven_by("portal/proof.html")
"""Declare, below `@page`, that a form is carried out only for whoever entered the account's password lately."""
