"""What would become of each row: taken, or refused with the reasons, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from calciscope.record.actions.patients import Person
from calciscope.record.noun import noun
from calciscope.record.patient_list.days import spelled_day
from calciscope.record.patient_list.mapping import NEEDED, ColumnMapping, Target
from calciscope.record.patient_list.sheet import Sheet
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.vocabulary import words
from calciscope.terms.errors import Refused

SEXES = {
    "f": "female", "w": "female", "female": "female", "weiblich": "female", "2": "female",
    "m": "male", "male": "male", "maennlich": "male", "männlich": "male", "1": "male",
    "d": "other", "x": "other", "other": "other", "divers": "other",
}  # fmt: skip
DIAGNOSES = {
    "dermatomyositis": "dm", "m33.1": "dm", "m33.10": "dm", "juvenile dermatomyositis": "jdm", "m33.0": "jdm",
    "m33.00": "jdm", "amyopathic dermatomyositis": "adm", "cadm": "adm", "polymyositis": "pm",
}  # fmt: skip
ANTIBODIES = {"mj": "nxp2", "tif1": "tif1_gamma", "tif1g": "tif1_gamma", "sae": "sae1", "none": "none_found"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRow:
    """A row that holds: the person, and facts by noun."""

    row: int
    person: Person
    facts: tuple[tuple[str, Mapping[str, Any]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that does not, and why, by column."""

    row: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Every row of the sheet is in one of both."""

    taken: tuple[TakenRow, ...]
    refused: tuple[RefusedRow, ...]


def preview(sheet: Sheet, mapping: ColumnMapping, *, present: Collection[str] = ()) -> Preview:
    """Try every row. ``present`` are hospital numbers that the record has already."""
    missing = sorted(target.value for target in NEEDED if target not in mapping.columns)
    if missing:
        raise Refused(f"Say which column is the {missing[0].replace('_', ' ')}.")
    unknown = sorted(set(mapping.columns.values()) - set(sheet.columns))
    if unknown:
        raise Refused("A column that was chosen is not in the file.")
    taken: list[TakenRow] = []
    refused: list[RefusedRow] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(sheet.rows, start=sheet.first_row):
        cells = dict(zip(sheet.columns, row, strict=True))
        said = {target: cells[column] for target, column in mapping.columns.items()}
        problems: list[Problem] = []
        person = _person(said, mapping, problems)
        facts = _facts(said, person, mapping, problems)
        problems += _twice(person.hospital_number, number, seen, present)
        if problems:
            refused.append(RefusedRow(row=number, problems=tuple(problems)))
        else:
            taken.append(TakenRow(row=number, person=person, facts=facts))
    return Preview(taken=tuple(taken), refused=tuple(refused))


def _person(said: Mapping[Target, str], mapping: ColumnMapping, problems: list[Problem]) -> Person:
    born = _day(said, Target.BORN_ON, mapping, problems)
    whole = date.fromisoformat(born) if born and len(born) == 10 else None
    if born and whole is None:
        problems.append(Problem(field=Target.BORN_ON.value, message="A date of birth has day, month and year."))
    person = Person(
        family_name=said.get(Target.FAMILY_NAME, ""),
        given_name=said.get(Target.GIVEN_NAME, ""),
        born_on=whole,
        hospital_number=said.get(Target.HOSPITAL_NUMBER, ""),
        telephone=said.get(Target.TELEPHONE, ""),
        email=said.get(Target.EMAIL, ""),
        address=said.get(Target.ADDRESS, ""),
    )
    problems += person.problems()
    return person


def _facts(
    said: Mapping[Target, str], person: Person, mapping: ColumnMapping, problems: list[Problem]
) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    sex = _word(said, Target.SEX, SEXES, problems)
    kind = _word(said, Target.DIAGNOSIS, DIAGNOSES | {code: code for code in words("diagnoses")}, problems)
    antibody = _word(said, Target.ANTIBODY, ANTIBODIES | {code: code for code in words("antibodies")}, problems)
    onset = _day(said, Target.ONSET_ON, mapping, problems)
    diagnosed = _day(said, Target.DIAGNOSED_ON, mapping, problems)
    if (onset or diagnosed) and not kind:
        problems.append(
            Problem(field=Target.DIAGNOSIS.value, message="There is a date of a diagnosis, but no diagnosis.")
        )
    found: list[tuple[str, dict[str, Any]]] = []
    if sex:
        found.append(
            ("characteristics", {"sex": sex} | ({"birth_year": person.born_on.year} if person.born_on else {}))
        )
    if kind:
        dates = {"onset_on": onset, "diagnosed_on": diagnosed}
        found.append(("diagnosis", {"type": kind} | {name: day for name, day in dates.items() if day}))
    if antibody:
        result = "negative" if antibody == "none_found" else "positive"
        day = diagnosed or "not_assessed"
        found.append(("antibody", {"antibody": antibody, "result": result, "sampled_on": day}))
    return tuple(_valid(name, data, problems) for name, data in found)


def _valid(name: str, data: dict[str, Any], problems: list[Problem]) -> tuple[str, Mapping[str, Any]]:
    try:
        return name, noun(name).validated(data)
    except Invalid as invalid:
        problems += invalid.problems
        return name, data


def _word(said: Mapping[Target, str], target: Target, known: Mapping[str, str], problems: list[Problem]) -> str:
    text = said.get(target, "")
    if not text:
        return ""
    spelled = re.sub(r"^anti[- ]|[-_ ]?(γ|gamma)$", "", text.lower().strip())
    code = known.get(text.lower().strip()) or known.get(spelled) or known.get(re.sub(r"[-_ ]", "", spelled), "")
    if not code:
        problems.append(
            Problem(field=target.value, message="This word is not known; map it or correct it in the file.")
        )
    return code


def _day(said: Mapping[Target, str], target: Target, mapping: ColumnMapping, problems: list[Problem]) -> str:
    """A date as YYYY, YYYY-MM or YYYY-MM-DD; empty where there is none."""
    text = said.get(target, "").strip()
    if not text:
        return ""
    found = spelled_day(text, mapping.date_order)
    if found is None:
        problems.append(Problem(field=target.value, message="This is no date that there is."))
    return found or ""


def _twice(number: str, row: int, seen: dict[str, int], present: Collection[str]) -> list[Problem]:
    field = Target.HOSPITAL_NUMBER.value
    if not number:
        return []
    if number in present:
        return [Problem(field=field, message="A patient with this number is in the record already.")]
    if number in seen:
        return [Problem(field=field, message=f"Row {seen[number]} has the same number.")]
    seen[number] = row
    return []
