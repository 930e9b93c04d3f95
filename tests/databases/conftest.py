"""Servers that the tests of this folder use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.postgresql import MISSING, Server, postgresql, programs


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server of our own."""
    if programs() is None:
        pytest.skip(MISSING)
    with postgresql() as server:
        yield server
