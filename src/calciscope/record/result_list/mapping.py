"""Which column of a list of results means what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from calciscope.record.patient_list.days import DateOrder, date_order
from calciscope.record.patient_list.mapping import spelled
from calciscope.record.patient_list.sheet import Sheet


class ResultColumn(StrEnum):
    """What a column may mean."""

    HOSPITAL_NUMBER = "hospital_number"
    SAMPLED_ON = "sampled_on"
    TEST = "test"
    VALUE = "value"
    UNIT = "unit"
    LOW = "low"
    HIGH = "high"
    METHOD = "method"
    LABORATORY = "laboratory"
    MATERIAL = "material"


NEEDED = (
    ResultColumn.HOSPITAL_NUMBER, ResultColumn.SAMPLED_ON, ResultColumn.TEST, ResultColumn.VALUE, ResultColumn.UNIT,
)  # fmt: skip

NAMES: Mapping[ResultColumn, str] = {
    ResultColumn.HOSPITAL_NUMBER: r"hospital_?(number|no|id)|patient_?(number|no|id)|pat_?id|mrn|record_?id|patienten_?(nr|id)",
    ResultColumn.SAMPLED_ON: r"sampled(_on)?|sample_date|collected(_on)?|collection_date|date|datum|abnahme(datum)?",
    ResultColumn.TEST: r"test|analyte|loinc(_code)?|parameter|analyt|code",
    ResultColumn.VALUE: r"value|result|wert|ergebnis",
    ResultColumn.UNIT: r"units?|einheit|ucum",
    ResultColumn.LOW: r"low|lower(_limit)?|ref(erence)?_low|range_low|min",
    ResultColumn.HIGH: r"high|upper(_limit)?|ref(erence)?_high|range_high|uln|max",
    ResultColumn.METHOD: r"method(e)?",
    ResultColumn.LABORATORY: r"lab(oratory)?|labor",
    ResultColumn.MATERIAL: r"material|specimen|matrix",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultMapping:
    """Meaning -> name of its column, and how dates are meant."""

    columns: Mapping[ResultColumn, str]
    date_order: DateOrder = DateOrder.DAY_FIRST


def propose_results(sheet: Sheet) -> tuple[ResultMapping, bool]:
    """A mapping to start from, and whether the order of day and month is clear."""
    columns: dict[ResultColumn, str] = {}
    for meaning, pattern in NAMES.items():
        found = next((name for name in sheet.columns if re.fullmatch(pattern, spelled(name))), None)
        if found and found not in columns.values():
            columns[meaning] = found
    dates = [columns[ResultColumn.SAMPLED_ON]] if ResultColumn.SAMPLED_ON in columns else []
    order, clear = date_order(sheet, dates)
    return ResultMapping(columns=columns, date_order=order), clear
