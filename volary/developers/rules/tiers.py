"""Access tiers, and how much of everything a team may have (C146, C147; X facts 8.1)."""

import msgspec

from volary.language import mark as _

ESSENTIAL, ELEVATED, ACADEMIC = "essential", "elevated", "academic"


class Tier(msgspec.Struct, frozen=True):
    """An access tier: its label, what it is for, and how many Apps a Project holds. Standalone Apps are not counted (C150)."""

    label: str
    meaning: str
    apps_in_a_project: int


TIERS = {
    ESSENTIAL: Tier(_("Essential"), _("One App in each Project."), 1),
    ELEVATED: Tier(_("Elevated"), _("Up to three Apps in each Project."), 3),
    ACADEMIC: Tier(_("Academic research"), _("Up to three Apps in each Project, for research."), 3),
}
"""The tiers by their names, the lowest first."""

AGREEMENT = "1"
"""The version of the developer agreement that a new developer account accepts."""


def project_limit(tier: str) -> int:
    """How many Apps a Project may hold; an unknown tier gets no more than the lowest one."""
    return TIERS.get(tier, TIERS[ESSENTIAL]).apps_in_a_project
