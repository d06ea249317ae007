"""Servers for the tests over HTTP."""

from tests.server.conftest import _tables, each_house, each_url, house, new_url  # noqa: F401 - fixtures
