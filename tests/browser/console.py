"""The pages of the operator console for the gallery, who may see them, and pages of the portal that came with it."""

from volary.accounts.actions import set_operator
from volary.db import Database

CONSOLE = (
    ("operator-apps", "oda", "/operator", 200),
    ("operator-app", "oda", "/operator/apps/{bird}", 200),
    ("operator-app-suspended", "oda", "/operator/apps/{bad}", 200),
    ("operator-disconnect", "oda", "/operator/apps/{long}/disconnect", 200),
    ("operator-people", "oda", "/operator/people", 200),
    ("operator-requests", "oda", "/operator/requests", 200),
    ("operator-reports", "oda", "/operator/reports", 200),
    ("operator-appeals", "oda", "/operator/appeals", 200),
    ("operator-audit", "oda", "/operator/audit", 200),
    ("operator-names", "oda", "/operator/names", 200),
    ("operator-webhooks", "oda", "/operator/webhooks", 200),
    ("operator-usage", "oda", "/operator/apps/{bird}/usage", 200),
    ("operator-switches", "oda", "/operator/switches", 200),
    ("operator-nobody", "ann", "/operator", 404),
    ("portal-connections", "dev", "/portal/apps/{bird}/connections", 200),
    ("portal-connections-none", "dev", "/portal/apps/{bird}/connections?id=1", 200),
    ("forgot-password", "nobody", "/login/forgot", 200),
    ("forgot-password-sent", "nobody", "/login/forgot?sent=1", 200),
    ("reset-password-gone", "nobody", "/login/reset?token=x", 404),
    ("portal-appeal", "dev", "/portal/apps/{bad}/appeal", 200),
)
"""Name, who looks, path and status."""


async def appoint(db: Database, account_id: int) -> None:
    """Make somebody an operator."""
    await db.write(set_operator, account_id, True)
