"""What was measured on a study by itself: burden, candidates, and the recipe by which it can be repeated."""

from __future__ import annotations

from calciscope.record.fields import Choice, Number, Reference, Table, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.permissions import Permission
from calciscope.record.vocabulary import spoken

MOST_MG = 10_000_000


def _mass(name: str, label: str) -> Number:
    return Number(name=name, label=label, unit="mg", low=0, high=MOST_MG)


NOUN = Noun(
    title="Measurement of a study",
    of=Of.PATIENT,
    written_by=Permission.UPLOAD_IMAGING,
    fields=(
        Reference(name="study", label="Study", required=True, may_be_unassessed=False),
        Choice(name="outcome", label="Outcome", choices=spoken("measured", "refused", "failed"), required=True),
        Text(name="message", label="What was said", longest=1000),
        Text(name="series_uid", label="Series", pattern=r"[0-9.]{1,64}", longest=64),
        _mass("mass_mg", "Burden, mass"),
        _mass("mass_lower_mg", "Lower limit"),
        _mass("mass_upper_mg", "Upper limit"),
        Number(name="volume_ml", label="Burden, volume", unit="mL", low=0, high=10_000),
        Number(name="deposits", label="Deposits", unit="1", low=0, high=100_000, whole=True),
        Table(name="candidates", label="Candidates"),
        Number(name="set_aside", label="Set aside", unit="1", low=0, high=100_000, whole=True),
        Table(name="checks", label="Checks that did not pass"),
        Table(name="recipe", label="Recipe"),
        Text(name="folder", label="Where the files lie", longest=200, pattern=r"[A-Za-z0-9_./-]+"),
        Text(name="software", label="Software", longest=80),
    ),
)
