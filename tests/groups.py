"""Tests of one `xdist_group` run in one process.

xdist marks a test's group in its id, by a field that pytest 9.2 does not read any more, and so spreads the groups without a word
(pytest-xdist issue 1386). This does the same where pytest looks now. tests/house/test_groups.py says whether it works.
"""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the group's name behind the id of each of its tests, as xdist's scheduler expects it."""
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        names = {str(mark.args[0]) for mark in item.iter_markers("xdist_group")}
        suffix = "@" + "_".join(sorted(names))
        if names and not item.nodeid.endswith(suffix):
            item._id = type(item._id).parse(item.nodeid + suffix)
