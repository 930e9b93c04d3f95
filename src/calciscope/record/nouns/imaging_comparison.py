"""What became of every deposit between two measured scans, as tracking found it, with the limit of real change."""

from __future__ import annotations

from calciscope.record.fields import Choice, Reference, Table, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.permissions import Permission
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="Comparison of two scans",
    of=Of.PATIENT,
    written_by=Permission.UPLOAD_IMAGING,
    fields=(
        Reference(name="measurement", label="Later measurement", required=True, may_be_unassessed=False),
        Reference(name="earlier", label="Earlier measurement", required=True, may_be_unassessed=False),
        Choice(
            name="reach",
            label="Held against",
            choices={"before": "the scan before", "first": "the first scan"},
            may_be_unassessed=False,
        ),
        Choice(name="outcome", label="Outcome", choices=spoken("compared", "not_comparable"), required=True),
        Text(name="message", label="What was said", longest=2000),
        Table(name="burden", label="Burden of what both scans show"),
        Table(name="limit", label="Limit of real change"),
        Table(name="families", label="Deposits followed"),
        Text(name="software", label="Software", longest=80),
    ),
)
