"""A database that does not answer is told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError

from calciscope.terms.errors import Refused


@contextmanager
def told_of_the_database() -> Iterator[None]:
    """Raises Refused for a database that cannot be reached or used, without its address, which may hold a password."""
    try:
        yield
    except OperationalError as error:
        raise Refused(
            "The database cannot be reached or used; check DATABASE_URL, that its server runs and has room, and that "
            "`calciscope manage migrate` was run."
        ) from error
