"""A letter that was issued. Its document lies with the record's files; whom it names and greets stands there alone."""

from __future__ import annotations

from calciscope.record.fields import Choice, Day, Number, Table, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

SHA256 = r"[0-9a-f]{64}"
MOST_SOURCES = 50_000  # judgement: thirty years of visits with ten deposits are some 20,000 facts
READERS = spoken("referring_doctor", "general_practitioner", "specialist", "patient", "family", "other")

NOUN = Noun(
    title="Letter",
    of=Of.PATIENT,
    dated_by="issued_on",
    fields=(
        Text(name="kind", label="Kind", required=True, may_be_unassessed=False, pattern=r"[a-z_]{2,60}", longest=60),
        Text(name="title", label="Title", required=True, may_be_unassessed=False, longest=200),
        Choice(name="sent_to", label="Written to", required=True, may_be_unassessed=False, choices=READERS),
        Day(name="issued_on", label="Issued on", required=True, may_be_unassessed=False),
        Choice(
            name="plan",
            label="Plan that it tells of",
            required=True,
            may_be_unassessed=False,
            choices={"in_force": "in force", "draft": "draft", "presented": "presented, not in force", "none": "none", "ended": "ended"},
        ),
        Number(name="plan_version", label="Version of the plan", unit="1", low=0, high=100_000, whole=True),
        Text(name="file", label="File", required=True, may_be_unassessed=False, pattern=SHA256, longest=64),
        Text(name="sha256", label="Hash of the document", required=True, may_be_unassessed=False, pattern=SHA256, longest=64),
        Table(name="sources", label="Facts it was written from", required=True, may_be_unassessed=False, most_items=MOST_SOURCES),
        Text(name="knowledge", label="Knowledge base", longest=40),
        Text(name="software", label="Software", longest=80),
    ),
)  # fmt: skip
