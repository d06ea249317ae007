"""People's pages stand at the root of the site: no name of ours may be anybody's."""

import re

from volary.accounts.rules.names import RESERVED_NAMES, USERNAME
from volary.api.machine import machines_of
from volary.api.operation import operations_of
from volary.server.registry import DEMO_PAGES, MACHINES, OPERATIONS, PAGES
from volary.web import doors_of


def test_the_first_part_of_every_address_is_a_reserved_name() -> None:
    paths = {door.path for module in (*PAGES, *DEMO_PAGES) for door in doors_of(module)}
    paths |= {door.path for module in OPERATIONS for door in operations_of(module.__name__)}
    paths |= {door.path for module in MACHINES for door in machines_of(module.__name__)}
    first = {re.split(r"[/.]", path)[1] for path in paths}
    assert {"login", "2", "home"} <= first
    assert sorted(name for name in first if USERNAME.fullmatch(name) and name.lower() not in RESERVED_NAMES) == []
