"""The closed vocabularies: conditions, allergies, antibodies, analytes, further drugs, and the facts that rules ask for."""

from __future__ import annotations

from calciscope.knowledge.model import Analyte, Comedication, FactKind, FactWord, Vocabulary
from calciscope.knowledge.toml_table import KnowledgeRefused, Table, top_table

ALLERGY = "allergy_"
ANTIBODY = "antibody_"


def load_vocabulary(texts: dict[str, str]) -> Vocabulary:
    """The vocabulary of the texts, by file name."""
    conditions = _titles("conditions.toml", texts)
    allergies = _titles("allergies.toml", texts)
    antibodies, names = _antibodies(texts)
    analytes = {name: _analyte(name, table) for name, table in _tables("analytes.toml", texts)}
    facts = {name: _fact(name, table) for name, table in _tables("facts.toml", texts)}
    facts |= {one: _yes_no(one, title) for one, title in conditions.items()}
    facts |= {ALLERGY + one: _yes_no(ALLERGY + one, f"allergy to {title}") for one, title in allergies.items()}
    facts |= {antibody_fact(one): _yes_no(antibody_fact(one), title) for one, title in antibodies.items()}
    facts |= {
        one.id: FactWord(id=one.id, title=one.title, kind=FactKind.NUMBER, unit=one.unit) for one in analytes.values()
    }
    return Vocabulary(
        facts=facts,
        conditions=conditions,
        allergies=allergies,
        antibodies=antibodies,
        antibody_names=names,
        analytes=analytes,
        comedications={name: _comedication(name, table) for name, table in _tables("medications.toml", texts)},
    )


def antibody_fact(antibody: str) -> str:
    """The fact that an antibody was found."""
    return ANTIBODY + antibody.lower()


def antibody_key(written: str) -> str:
    """An antibody's name without "anti", hyphens, spaces and case: how it is recognised."""
    return "".join(sign for sign in written.lower().replace("γ", "gamma") if sign.isalnum()).removeprefix("anti")


def unit_key(written: str) -> str:
    """A unit without case, spaces, the sign for micro and words for counting: how it is recognised."""
    key = written.lower().replace("µ", "u").replace("μ", "u").replace("mcl", "ul").replace(" ", "")
    for ten, plain in (("x10", "10"), ("10^", "10*"), ("10e", "10*"), ("thousand/", "10*3/"), ("cells/", "/")):
        key = key.replace(ten, plain)
    return key


def _antibodies(texts: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(id -> title, key of each name -> id)."""
    titles: dict[str, str] = {}
    names: dict[str, str] = {}
    for one, table in _tables("antibodies.toml", texts):
        titles[one] = table.text("title")
        names |= {antibody_key(name): one for name in (one, *table.texts("aliases"))}
        table.done()
    return titles, names


def _tables(file: str, texts: dict[str, str]) -> list[tuple[str, Table]]:
    if file not in texts:
        raise KnowledgeRefused(f"The knowledge file vocabulary/{file}, line 1: the file is not there.")
    top = top_table(texts[file], f"vocabulary/{file}")
    return [(name, top.table(name)) for name in top.names()]


def _titles(file: str, texts: dict[str, str]) -> dict[str, str]:
    found = {}
    for name, table in _tables(file, texts):
        found[name] = table.text("title")
        table.done()
    return found


def _yes_no(name: str, title: str) -> FactWord:
    return FactWord(id=name, title=title, kind=FactKind.YES_NO)


def _fact(name: str, table: Table) -> FactWord:
    word = FactWord(id=name, title=table.text("title"), kind=table.word("kind", FactKind), unit=table.text("unit", ""))
    table.done()
    return word


def _analyte(name: str, table: Table) -> Analyte:
    valid_days = table.count("valid_days")
    if not valid_days:
        table.refuse("valid_days must be there, from 1", "valid_days")
    factors = {unit_key(unit): float(factor) for unit, factor in table.plain("factors").items()}
    analyte = Analyte(
        id=name,
        title=table.text("title"),
        aliases=table.texts("aliases"),
        loincs=table.texts("loincs"),
        unit=table.text("unit"),
        factors=factors,
        valid_days=valid_days,
        adult_low=table.number("adult_low"),
        adult_high=table.number("adult_high"),
    )
    if unit_key(analyte.unit) not in factors:
        table.refuse(f"factors lacks the analyte's own unit {analyte.unit}", "factors")
    table.done()
    return analyte


def _comedication(name: str, table: Table) -> Comedication:
    found = Comedication(id=name, title=table.text("title"), classes=frozenset(table.texts("classes")))
    table.done()
    return found
