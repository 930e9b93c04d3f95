"""The whole knowledge base, read at once: each file is refused or loaded, and what names something finds it there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from calciscope.knowledge.load_rule import rule
from calciscope.knowledge.load_therapy import therapy
from calciscope.knowledge.model import Rule, Source, Therapy, Vocabulary
from calciscope.knowledge.toml_table import KnowledgeRefused, Table, top_table
from calciscope.knowledge.words import load_vocabulary
from calciscope.terms.errors import Broken

SHIPPED = Path(__file__).parent
FOLDERS = ("vocabulary", "evidence", "therapies", "rules")
VERSION_CHARACTERS = 12  # of the hash of every file: enough to tell two knowledge bases apart


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """Everything, whole and sorted by id; compared by identity, so that what is worked out from it can be kept."""

    vocabulary: Vocabulary
    sources: Mapping[str, Source]
    therapies: Mapping[str, Therapy]
    rules: Mapping[str, Rule]
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
    tables = {name: _tables(name, texts[name]) for name in FOLDERS[1:]}
    sources = {one: _source(table, one) for one, table in tables["evidence"].items()}
    therapies = {one: therapy(table, one) for one, table in tables["therapies"].items()}
    drugs = drugs_by_name(therapies.values(), vocabulary)
    rules = {one: rule(table, one, drugs=drugs, facts=vocabulary.facts) for one, table in tables["rules"].items()}
    for one in therapies.values():
        if unknown := _sources_of(one) - set(sources):
            tables["therapies"][one.id].refuse(f"cites {min(unknown)!r}, which is no file in evidence")
    for each in rules.values():
        if each.source not in sources:
            tables["rules"][each.id].refuse(f"cites {each.source!r}, which is no file in evidence", "source")
    return Knowledge(vocabulary=vocabulary, sources=sources, therapies=therapies, rules=rules, version=_version(texts))


def drugs_by_name(therapies: Iterable[Therapy], vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """Every drug, and every class of drugs, with the drugs it stands for."""
    members: dict[str, set[str]] = {}
    drugs = [(one.id, one.classes) for one in therapies]
    drugs += [(one.id, one.classes) for one in vocabulary.comedications.values()]
    for drug, classes in drugs:
        for name in (drug, *classes):
            members.setdefault(name, set()).add(drug)
    return {name: frozenset(ids) for name, ids in members.items()}


def _texts(folder: Path, name: str) -> dict[str, str]:
    found = {}
    for path in sorted((folder / name).glob("*.toml")):
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
