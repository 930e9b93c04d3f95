"""Measured scans of a phantom into the record of one invented patient, with their deposits linked as a clinician would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from calciscope.flows.compare_for_record import compare_with_earlier
from calciscope.flows.scan_for_record import for_record
from calciscope.record.actions.candidates import ACCEPT, Decision, decide_candidates
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.scans import record_measured
from calciscope.record.actor import Actor
from calciscope.record.demonstration.scanned import DOSE, QUESTIONS, demonstration_doctor, scanned_patient
from calciscope.record.queries.patients import PatientPage, patient_page
from calciscope.record.scans.files import result_folder
from calciscope.record.scans.followed import comparison_of, families, tracked_to
from calciscope.record.scans.links import Linked, suggestions
from calciscope.record.scans.reading import Read, read_candidates
from calciscope.record.stories import stories
from calciscope.share import measured_folder
from calciscope.share.whole_folder import whole_folder
from calciscope.terms.errors import Refused

DOCTOR = "doctor@demo.example"
FOLLOWED = 6  # the largest become deposits of the map; that many can be looked through in a demonstration
LEFT_OPEN = 4  # of the last scan, for whoever tries it


def load_scans(folders: Sequence[Path]) -> int:
    """Record each measured folder that is not in the record yet; returns how many were new."""
    by = demonstration_doctor(DOCTOR)
    patient = scanned_patient(by)
    documents = sorted(
        ((_document(folder), folder) for folder in folders), key=lambda pair: str(pair[0]["series"]["date"])
    )
    known = {fact.uid for fact in patient_page(by=by, patient=patient).facts if fact.noun == "imaging_measurement"}
    new = 0
    for number, (document, folder) in enumerate(documents):
        result = uuid5(NAMESPACE_URL, f"{patient}/{document['series']['pixel_sha256']}")
        if uuid5(result, "imaging_measurement") in known:
            continue
        measurement = _record(by, patient, result, document, folder, QUESTIONS[number % len(QUESTIONS)])
        compare_with_earlier(by=by, patient=patient, measurement=measurement)
        _decide(by, patient, measurement, left_open=LEFT_OPEN if number == len(documents) - 1 else 0)
        _explain(by, patient, measurement)
        new += 1
    return new


def _explain(by: Actor, patient: UUID, measurement: UUID) -> None:
    """Record why the followed deposit that lost most did so, as a clinic would; other losses stay without a cause."""
    facts = patient_page(by=by, patient=patient).facts
    comparison = comparison_of(measurement, facts)
    scans = {str(fact.uid): fact for fact in facts if fact.noun == "imaging_measurement"}
    if comparison is None:
        return
    earlier, later = (scans[comparison.data[name]] for name in ("earlier", "measurement"))
    linked = {one.number: one.deposit for one in read_candidates(earlier, facts) if one.deposit}
    lost = [
        (one.change_mg or 0.0, linked[n])
        for one in families(comparison)
        if one.lost
        for n in one.baseline_ids
        if n in linked
    ]
    if lost and earlier.effective_on and later.effective_on:
        _, deposit = min(lost)
        half_way = earlier.effective_on + (later.effective_on - earlier.effective_on) / 2
        said = {
            "kind": "aspiration",
            "done_on": half_way.isoformat(),
            "deposits": [deposit],
            "material": "milk of calcium",
        }
        record_entries(by=by, patient=patient, sayings=[Saying(noun="procedure", data=said)])


def _document(folder: Path) -> Mapping[str, Any]:
    if not measured_folder.is_ours(folder):
        raise Refused(f"{folder} is no folder that calciscope measure has written.")
    found: Mapping[str, Any] = json.loads((folder / measured_folder.JSON_NAME).read_bytes())
    return found


def _record(by: Actor, patient: UUID, result: UUID, document: Mapping[str, Any], folder: Path, question: str) -> UUID:
    into = result_folder(patient, result)
    with whole_folder(into, overwrite=True, is_ours=measured_folder.is_ours) as beside:
        shutil.copytree(folder, beside, dirs_exist_ok=True)
    measured = for_record(document, said={"question": question}, folder=str(result))
    return record_measured(
        by=by, patient=patient, result=result, study={**measured.study, **DOSE}, measurement=measured.measurement
    )


def _decide(by: Actor, patient: UUID, measurement: UUID, *, left_open: int) -> None:
    """Take the first suggestion where there is one; of the rest the largest are new deposits, the others accepted as they are."""
    page = patient_page(by=by, patient=patient)
    fact = next(fact for fact in page.facts if fact.uid == measurement)
    found = [one for one in read_candidates(fact, page.facts) if one.kind == "calcinosis"]
    told = [story for story in stories(page.facts, page.deposits) if story.stands]
    said = suggestions([one.found for one in found], told, _linked(page), tracked_to(fact.uid, page.facts))
    decisions = [
        Decision(
            candidate=one.number,
            decision=ACCEPT,
            deposit=said[one.number][0].deposit if said.get(one.number) else None,
            new=not said.get(one.number) and place < FOLLOWED,
        )
        for place, one in enumerate(found[: len(found) - left_open])
    ]
    decide_candidates(by=by, patient=patient, measurement=measurement, decisions=decisions)


def _linked(page: PatientPage) -> list[Linked]:
    measured = [fact for fact in page.facts if fact.noun == "imaging_measurement" and fact.holds]
    return [
        Linked(deposit=UUID(one.deposit), candidate=one.found, on=str(fact.effective_on))
        for fact in measured
        for one in _with_deposit(read_candidates(fact, page.facts))
    ]


def _with_deposit(candidates: Sequence[Read]) -> list[Read]:
    return [one for one in candidates if one.deposit]
