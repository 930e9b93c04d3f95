"""Which hospital numbers a site has given already, so that a list is not imported twice."""

from __future__ import annotations

from collections.abc import Collection

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.identity import HospitalNumber
from calciscope.record.permissions import Permission

AT_ONCE = 500


@query(permission=Permission.REGISTER_PATIENT)
def numbers_present(*, by: Actor, numbers: Collection[str]) -> frozenset[str]:
    """Those of the given numbers that are in the record of one's own site; tells nothing of whose they are."""
    wanted = sorted({number.strip() for number in numbers})
    found: set[str] = set()
    for start in range(0, len(wanted), AT_ONCE):
        rows = HospitalNumber.unscoped.filter(site_id=by.site_id, value__in=wanted[start : start + AT_ONCE])
        found.update(rows.values_list("value", flat=True))
    audit.mention(count=len(found))
    return frozenset(found)
