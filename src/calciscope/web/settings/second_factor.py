"""Which roles need a second factor, as the environment says."""

from __future__ import annotations

from collections.abc import Mapping

from calciscope.record.permissions import Role
from calciscope.terms.errors import WrongUsage

NAME = "CALCISCOPE_SECOND_FACTOR"
NOBODY = "nobody"


def roles_that_need_one(environment: Mapping[str, str]) -> frozenset[str]:
    """The roles named, separated by commas; every role where none is named, none where it says "nobody"."""
    said = [name.strip() for name in environment.get(NAME, "").split(",") if name.strip()]
    known = {role.value for role in Role}
    if said == [NOBODY]:
        return frozenset()
    unknown = sorted(set(said) - known)
    if unknown:
        raise WrongUsage(f"{NAME} names no role with {', '.join(unknown)}; roles are {', '.join(sorted(known))}.")
    return frozenset(said or known)
