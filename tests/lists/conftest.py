"""A whole server on each engine, and people who arrive anew for each test."""

from tests.server.conftest import _tables, each_house, each_url, house, new_url  # noqa: F401 - fixtures
