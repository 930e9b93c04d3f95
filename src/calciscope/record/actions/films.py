"""Keep a film, give it the scale of a ruler, and record what was measured on it, with the deposit that it is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from calciscope.record import audit
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actor import Actor
from calciscope.record.films.pixels import SUFFIX, as_png, sum_of
from calciscope.record.guarded import action
from calciscope.record.ledger import Writing, contribute
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry, Status
from calciscope.record.models.patient import Patient
from calciscope.record.noun import noun
from calciscope.record.numbering import next_number
from calciscope.record.permissions import Permission
from calciscope.record.photographs import files
from calciscope.record.references import references_hold
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scans.identity import who_is
from calciscope.record.scans.whose import InFiles, likeness
from calciscope.record.scope import PatientScope
from calciscope.terms.errors import Refused
from calciscope.terms.film import Frame

FILM, MEASUREMENT, FINDING, EVENT = "film", "film_measurement", "deposit_finding", "deposit_event"
ANY_SUM = "0" * 64  # stands for the file's name until all the rest holds
NOTE = "identity_note"
DOUBTS = {"name": "the name", "born_on": "the date of birth", "number": "the patient's number"}
LEAST_MM = 0.1  # the smallest length that a finding takes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeposit:
    """A deposit that a film shows first: where it lies, in the words of a finding."""

    region: str
    side: str


@action(permission=Permission.UPLOAD_IMAGING)
def add_film(*, by: Actor, patient: UUID, frames: Sequence[Frame], said: Mapping[str, Any], whose: InFiles) -> UUID:
    """Keep a film, all its frames; returns its key. Raises Invalid at the field: also where it names somebody else and no reason is given.

    Raises Refused where the record has the same pixels already.
    """
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    data = {**said, "file": ANY_SUM, "pixels": sum_of([frame.shades for frame in frames])}
    noun(FILM).validated(data)
    doubts = likeness(whose, who_is(found)).doubtful
    if doubts and not str(said.get(NOTE, "")).strip():
        named = " and ".join(DOUBTS[doubt] for doubt in doubts)
        message = f"The file says another patient's by {named}; say why it is this patient's, or leave it out."
        raise Invalid([Problem(field=NOTE, message=message)])
    standing = scope.current_entries(found).filter(noun=FILM).exclude(status=Status.ENTERED_IN_ERROR)
    if standing.filter(data__pixels=data["pixels"]).exists():
        raise Refused("This film is in the record already.")
    with files.keeping(found.pk, suffix=SUFFIX) as keep:
        names = [keep(as_png(frame.shades)) for frame in frames]
        kept = [{"number": frame.number, "file": name} for frame, name in zip(frames, names, strict=True)]
        data |= {"file": names[0]} | ({"frames": kept} if len(kept) > 1 else {})
        (uid,) = record_entries(by=by, patient=patient, sayings=[Saying(noun=FILM, data=data, uid=uuid4())])
    audit.mention(patient_id=found.pk, film=uid)
    return uid


@action(permission=Permission.RECORD)
def record_film_measurement(
    *, by: Actor, patient: UUID, film: UUID, measured: Mapping[str, Any], new: NewDeposit | None = None
) -> UUID:
    """Record what was measured on a film, of the film's day; with ``new`` the patient's next deposit begins with it."""
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    shown = _film(scope, found, film)
    data = {**measured, "film": str(film)}
    writings: list[Writing] = []
    if new is not None:
        identity = contribute(by=by, action="record_film_measurement", patient=found)
        deposit = Deposit(patient=found, number=next_number(found), contribution=identity)
        deposit.save()
        data["of_deposit"] = str(deposit.pk)
        writings = _first_words(shown, deposit, new, measured)
    kind = noun(MEASUREMENT)
    held = kind.validated(data)
    references_hold(scope, found, kind, held)
    writing = Writing(noun=MEASUREMENT, data=held, effective_on=shown.effective_on)
    contribute(by=by, action="record_film_measurement", patient=found, writings=[*writings, writing])
    audit.mention(film=film, measurement=writing.uid)
    return writing.uid


def _film(scope: PatientScope, patient: Patient, key: UUID) -> Entry:
    row = scope.entry(patient, key, noun=FILM)
    if row.status == Status.ENTERED_IN_ERROR:
        raise Refused("This film was taken back; nothing is measured on it.")
    return row


def _first_words(film: Entry, deposit: Deposit, new: NewDeposit, measured: Mapping[str, Any]) -> list[Writing]:
    """The finding and event with which a deposit begins that was seen on a film first."""
    finding: dict[str, Any] = {"region": new.region, "side": new.side}
    longest = measured.get("longest_mm")
    if isinstance(longest, int | float) and longest >= LEAST_MM:
        finding |= {"longest_mm": round(float(longest), 1), "size_method": film.data["kind"]}
    event = {"event": "present", "on": film.data["taken_on"], "basis": "imaging"}
    return [
        Writing(noun=name, data=noun(name).validated(data), deposit=deposit, effective_on=film.effective_on)
        for name, data in ((FINDING, finding), (EVENT, event))
    ]
