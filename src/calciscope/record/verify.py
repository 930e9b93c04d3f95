"""Whether the record is as it was written: the audit's chain unbroken, every contribution's entries as it hashed them."""

from __future__ import annotations

from dataclasses import dataclass

from calciscope.record.audit import START, hash_of
from calciscope.record.canonical import digest
from calciscope.record.ledger import content_of
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.models.contribution import Contribution

CHUNK = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found. ``head`` is to be kept elsewhere: a chain cut short at its end shows only against it."""

    lines: int
    head: str
    first_broken_line: int | None
    contributions: int
    changed_contributions: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Nothing was changed, added or taken out."""
        return self.first_broken_line is None and not self.changed_contributions


def verify_record() -> Verified:
    """Walk the whole chain and every contribution."""
    lines, head, broken = _walk_the_chain()
    changed, contributions = [], 0
    for contribution in Contribution.unscoped.prefetch_related("entries").order_by("pk").iterator(chunk_size=CHUNK):
        contributions += 1
        rows = sorted(contribution.entries.all(), key=lambda row: row.pk)
        if digest([content_of(row) for row in rows]) != contribution.digest:
            changed.append(str(contribution.pk))
    return Verified(
        lines=lines,
        head=head,
        first_broken_line=broken,
        contributions=contributions,
        changed_contributions=tuple(changed),
    )


def _walk_the_chain() -> tuple[int, str, int | None]:
    """(lines, hash of the last, number of the first that does not fit the one before)."""
    previous, number, broken = START, 0, None
    for line in AuditEvent.unscoped.order_by("number").iterator(chunk_size=CHUNK):
        fits = line.number == number + 1 and line.previous_hash == previous and line.hash == hash_of(line)
        if not fits and broken is None:
            broken = line.number
        number, previous = line.number, line.hash
    return number, previous, broken
