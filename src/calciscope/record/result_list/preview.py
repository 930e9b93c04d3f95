"""What would become of each result, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from calciscope.record.noun import noun
from calciscope.record.patient_list.days import spelled_day
from calciscope.record.patient_list.preview import RefusedRow
from calciscope.record.patient_list.sheet import Sheet
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.result_list.mapping import NEEDED, ResultColumn, ResultMapping
from calciscope.record.vocabulary import terms
from calciscope.terms.errors import Refused

NOUN, TESTS = "laboratory_result", "laboratory_tests"
COPIED = (ResultColumn.UNIT, ResultColumn.METHOD, ResultColumn.LABORATORY, ResultColumn.MATERIAL)
UNITS = {"iu/l": "U/L", "u/l": "U/L", "µmol/l": "umol/L", "μmol/l": "umol/L", "µg/l": "ug/L", "μg/l": "ug/L", "g/dl": "g/dL",
         "mg/dl": "mg/dL", "mmol/l": "mmol/L", "mg/l": "mg/L", "mm": "mm/h", "/nl": "10*9/L", "g/l": "g/L", "ng/ml": "ng/mL",
         "pg/ml": "pg/mL", "pmol/l": "pmol/L", "nmol/l": "nmol/L", "10^9/l": "10*9/L"}  # fmt: skip
"""How laboratories spell units -> UCUM; nothing is converted."""

Known = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenResult:
    """A result that holds, for the patient of that number."""

    row: int
    hospital_number: str
    data: Mapping[str, Any]

    @property
    def known(self) -> Known:
        """What makes two results the same: number, test, day."""
        return self.hospital_number, str(self.data["test"]), str(self.data["sampled_on"])


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPreview:
    """Every row of the sheet is in one of both."""

    taken: tuple[TakenResult, ...]
    refused: tuple[RefusedRow, ...]


def preview_results(
    sheet: Sheet, mapping: ResultMapping, *, patients: Collection[str], present: Collection[Known] = ()
) -> ResultPreview:
    """Try every row. ``patients`` are the numbers in one's own care, ``present`` the results that are there already."""
    missing = [column.value for column in NEEDED if column not in mapping.columns]
    if missing:
        raise Refused(f"Say which column is the {missing[0].replace('_', ' ')}.")
    if not set(mapping.columns.values()) <= set(sheet.columns):
        raise Refused("A column that was chosen is not in the file.")
    taken: list[TakenResult] = []
    refused: list[RefusedRow] = []
    seen = {known: 0 for known in present}
    for number, row in enumerate(sheet.rows, start=sheet.first_row):
        cells = dict(zip(sheet.columns, row, strict=True))
        said = {column: cells[name] for column, name in mapping.columns.items()}
        found, problems = _row(number, said, mapping, patients)
        if found and not problems and found.known in seen:
            where = f"row {seen[found.known]} of the file" if seen[found.known] else "the record"
            problems = [Problem(field="test", message=f"This test of this day is in {where} already.")]
        if found and not problems:
            seen[found.known] = number
            taken.append(found)
        else:
            refused.append(RefusedRow(row=number, problems=tuple(problems)))
    return ResultPreview(taken=tuple(taken), refused=tuple(refused))


def _row(
    number: int, said: Mapping[ResultColumn, str], mapping: ResultMapping, patients: Collection[str]
) -> tuple[TakenResult | None, list[Problem]]:
    problems = []
    if said[ResultColumn.HOSPITAL_NUMBER] not in patients:
        problems.append(Problem(field="hospital_number", message="No patient in your care has this number."))
    data = _data(said, mapping)
    try:
        whole = noun(NOUN).validated(data)
    except Invalid as invalid:
        return None, [*problems, *invalid.problems]
    return TakenResult(row=number, hospital_number=said[ResultColumn.HOSPITAL_NUMBER], data=whole), problems


def _data(said: Mapping[ResultColumn, str], mapping: ResultMapping) -> dict[str, Any]:
    """The result as the record would keep it; what cannot be read stays text, for the noun to refuse at its field."""
    kind = noun(NOUN)
    sign, value = re.fullmatch(r"([<>]?)[ =]*(.*)", said[ResultColumn.VALUE], re.DOTALL).groups()  # type: ignore[union-attr]
    data: dict[str, Any] = {
        "test": _tests().get(said[ResultColumn.TEST].lower(), said[ResultColumn.TEST]),
        "sampled_on": spelled_day(said[ResultColumn.SAMPLED_ON], mapping.date_order) or said[ResultColumn.SAMPLED_ON],
    }
    numbers = {"value": value, "low": said.get(ResultColumn.LOW, ""), "high": said.get(ResultColumn.HIGH, "")}
    for name, text in numbers.items():
        field = kind.field(name)
        if text and field:
            data[name] = field.read(text)
    if sign:
        data["comparator"] = sign
    texts = {column.value: said.get(column, "") for column in COPIED}
    data |= {name: text for name, text in texts.items() if text}
    if "unit" in data:
        data["unit"] = UNITS.get(str(data["unit"]).lower(), data["unit"])
    return data


@cache
def _tests() -> Mapping[str, str]:
    """Code, words and LOINC code of each test -> its code."""
    known: dict[str, str] = {}
    for code, said in terms(TESTS).items():
        for name in (code, said["words"], said.get("loinc", "")):
            known[str(name).lower()] = code
    known |= {"ck": "creatine_kinase", "got": "ast", "gpt": "alt", "bsg": "esr", "ca": "calcium", "pth": "parathyrin"}
    known.pop("", None)
    return known
