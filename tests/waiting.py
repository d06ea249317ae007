"""Which rows of the attack catalogue wait for what, until a test carries them out: `python -m tests.claims` lists them in docs/attacks.md.

A row that is neither shown by a test nor named here stops the lists from being written, and so does one that is both: whoever shows a
row takes it out of here.
"""

WAITING: dict[str, tuple[str, ...]] = {
    "webhooks of Apps, and cards": ("SR-215", "SR-235", "SR-238", "SR-287"),
    "a measurement under load": ("SR-354", "SR-356", "SR-365"),
    "clusters and upgrades": ("SR-336", "SR-359", "SR-360", "SR-373"),
    "pushed authorization requests and DPoP, which are not offered": ("SR-374", "SR-376"),
}
"""What is waited for, and the rows that need it."""
