"""The whole knowledge base, read at once: each file is refused or loaded, and what names something finds it there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from calciscope.knowledge.load_assessment import cause, diagnosis, investigation, step, trial
from calciscope.knowledge.load_patient_info import PatientInfo, patient_info
from calciscope.knowledge.load_rule import rule
from calciscope.knowledge.load_therapy import therapy
from calciscope.knowledge.load_upkeep import check_intervals, known_identifiers, waiting_reference
from calciscope.knowledge.model import (
    Cause,
    CheckInterval,
    Diagnosis,
    Investigation,
    Rule,
    Source,
    Step,
    Therapy,
    Trial,
    Vocabulary,
    WaitingReference,
)
from calciscope.knowledge.toml_table import KnowledgeRefused, Table, top_table
from calciscope.knowledge.words import load_vocabulary
from calciscope.terms.errors import Broken

SHIPPED = Path(__file__).parent
FOLDERS = (
    "vocabulary", "evidence", "therapies", "rules", "diagnoses", "steps", "investigations", "causes", "trials",
)  # fmt: skip
WAITING = "waiting"  # references that nobody has looked at: no advice rests on them, so they are no part of the version
PATIENT_INFO = "patient_info"  # texts for families: no advice rests on them either
VERSION_CHARACTERS = 12  # of the hash of every file: enough to tell two knowledge bases apart


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """Everything, whole and sorted by id; compared by identity, so that what is worked out from it can be kept."""

    vocabulary: Vocabulary
    sources: Mapping[str, Source]
    therapies: Mapping[str, Therapy]
    rules: Mapping[str, Rule]
    diagnoses: Mapping[str, Diagnosis]
    steps: Mapping[str, Step]
    investigations: Mapping[str, Investigation]
    causes: Mapping[str, Cause]
    trials: Mapping[str, Trial]
    intervals: Mapping[str, CheckInterval]
    waiting: Mapping[str, WaitingReference]
    patient_info: Mapping[str, PatientInfo]
    version: str


@cache
def knowledge() -> Knowledge:
    """The knowledge that is shipped; a fault in it is our own fault. Raises Broken."""
    try:
        return load_knowledge(SHIPPED)
    except KnowledgeRefused as error:
        raise Broken(str(error)) from error


def load_knowledge(folder: Path) -> Knowledge:
    """The knowledge below ``folder``. Raises KnowledgeRefused with file, line and what is wrong."""
    texts = {name: _texts(folder, name) for name in FOLDERS}
    vocabulary = load_vocabulary(texts["vocabulary"])
    facts = vocabulary.facts
    tables = {name: _tables(name, texts[name]) for name in FOLDERS[1:]}
    therapies = {one: therapy(table, one) for one, table in tables["therapies"].items()}
    drugs = drugs_by_name(therapies.values(), vocabulary)
    waiting = _tables(WAITING, _texts(folder, WAITING))
    sources = {one: _source(table, one) for one, table in tables["evidence"].items()}
    prose = {name.removesuffix(".md"): text for name, text in _texts(folder, PATIENT_INFO, ending="md").items()}
    loaded = Knowledge(
        vocabulary=vocabulary,
        sources=sources,
        therapies=therapies,
        rules={one: rule(table, one, drugs=drugs, facts=facts) for one, table in tables["rules"].items()},
        diagnoses={one: diagnosis(table, one, facts) for one, table in tables["diagnoses"].items()},
        steps={one: step(table, one, facts) for one, table in tables["steps"].items()},
        investigations={one: investigation(table, one, facts) for one, table in tables["investigations"].items()},
        causes={one: cause(table, one, facts) for one, table in tables["causes"].items()},
        trials={one: trial(table, one, facts) for one, table in tables["trials"].items()},
        intervals=check_intervals(texts["vocabulary"]),
        waiting={one: waiting_reference(table, one, therapies) for one, table in waiting.items()},
        patient_info={
            one: patient_info(text, one, therapies=therapies, sources=sources) for one, text in prose.items()
        },
        version=_version(texts),
    )
    _refuse_what_cites_nothing(loaded, tables)
    _refuse_what_waits_as_evidence(loaded, waiting)
    return replace(loaded, therapies={one.id: _cited(one, loaded.sources) for one in therapies.values()})


def drugs_by_name(therapies: Iterable[Therapy], vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """Every drug, and every class of drugs, with the drugs it stands for."""
    members: dict[str, set[str]] = {}
    drugs = [(one.id, one.classes) for one in therapies]
    drugs += [(one.id, one.classes) for one in vocabulary.comedications.values()]
    for drug, classes in drugs:
        for name in (drug, *classes):
            members.setdefault(name, set()).add(drug)
    return {name: frozenset(ids) for name, ids in members.items()}


def _texts(folder: Path, name: str, ending: str = "toml") -> dict[str, str]:
    found = {}
    for path in sorted((folder / name).glob(f"*.{ending}")):
        try:
            found[path.name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise KnowledgeRefused(f"The knowledge file {name}/{path.name}, line 1: it is not UTF-8 text.") from error
    return found


def _tables(folder: str, texts: dict[str, str]) -> dict[str, Table]:
    return {name.removesuffix(".toml"): top_table(text, f"{folder}/{name}") for name, text in texts.items()}


def _source(table: Table, source_id: str) -> Source:
    source = Source(
        id=source_id,
        cite=table.text("cite"),
        kind=table.text("kind"),
        identifiers=table.text("identifiers", ""),
        read=table.text("read"),
    )
    table.done()
    return source


def _cited(one: Therapy, sources: Mapping[str, Source]) -> Therapy:
    """The therapy with each row's source spelled out."""
    evidence = tuple(replace(row, source=sources[row.source].cite) for row in one.evidence)
    return replace(
        one, evidence=evidence, doses=tuple(replace(row, source=sources[row.source].cite) for row in one.doses)
    )


def _refuse_what_cites_nothing(loaded: Knowledge, tables: Mapping[str, Mapping[str, Table]]) -> None:
    """Every source that is named has its file, and every trial its therapy."""
    named: list[tuple[str, str, set[str]]] = [
        ("therapies", one.id, _sources_of(one)) for one in loaded.therapies.values()
    ]
    named += [("rules", one.id, {one.source}) for one in loaded.rules.values()]
    named += [("diagnoses", one.id, {each.source for each in one.speaks}) for one in loaded.diagnoses.values()]
    named += [("investigations", one.id, {one.source}) for one in loaded.investigations.values()]
    named += [("causes", one.id, {one.source}) for one in loaded.causes.values()]
    named += [("trials", one.id, {one.source}) for one in loaded.trials.values()]
    for folder, one, sources in named:
        if unknown := sources - set(loaded.sources):
            tables[folder][one].refuse(f"it cites {min(unknown)!r}, which is no file in evidence", "source")
    for each in loaded.trials.values():
        if each.therapy and each.therapy not in loaded.therapies:
            tables["trials"][each.id].refuse(f"there is no therapy {each.therapy!r}", "therapy")


def _refuse_what_waits_as_evidence(loaded: Knowledge, waiting: Mapping[str, Table]) -> None:
    """What became evidence does not wait any more, and nothing waits twice."""
    held = known_identifiers(loaded.sources.values())
    for one in loaded.waiting.values():
        for named, key in ((one.pmid, "pmid"), (one.doi, "doi")):
            if named and named in held:
                waiting[one.id].refuse(f"{named} is {held[named]} already; take one of the two away", key)
            held |= {named: f"waiting/{one.id}"} if named else {}


def _sources_of(one: Therapy) -> set[str]:
    cited = {one.summary_source, *(row.source for row in one.evidence), *(row.source for row in one.doses)}
    cited |= {place.source for place in one.places}
    return cited | ({one.not_offered_source} if not one.offered else set())


def _version(texts: dict[str, dict[str, str]]) -> str:
    held = hashlib.sha256()
    for folder, files in sorted(texts.items()):
        for name, text in sorted(files.items()):
            held.update(f"{folder}/{name}\0{text}\0".encode())
    return held.hexdigest()[:VERSION_CHARACTERS]
