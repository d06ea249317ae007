"""Access tiers, and how much of everything a developer may have (C146, C147; X facts 8.1)."""

ESSENTIAL, ELEVATED = "essential", "elevated"

APPS_IN_A_PROJECT = {ESSENTIAL: 1, ELEVATED: 3}
"""How many Apps a Project holds, by the tier of its owner. Standalone Apps are not counted (C150)."""

AGREEMENT = "1"
"""The version of the developer agreement that a new developer account accepts."""


def project_limit(tier: str) -> int:
    """How many Apps a Project may hold; an unknown tier gets no more than the lowest one."""
    return APPS_IN_A_PROJECT.get(tier, APPS_IN_A_PROJECT[ESSENTIAL])
