"""Which column means what: proposed from the names of the columns, decided by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from calciscope.record.patient_list.days import DateOrder, date_order
from calciscope.record.patient_list.sheet import Sheet


class Target(StrEnum):
    """What a column may mean."""

    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    BORN_ON = "born_on"
    HOSPITAL_NUMBER = "hospital_number"
    SEX = "sex"
    DIAGNOSIS = "diagnosis"
    ONSET_ON = "onset_on"
    DIAGNOSED_ON = "diagnosed_on"
    ANTIBODY = "antibody"
    TELEPHONE = "telephone"
    EMAIL = "email"
    ADDRESS = "address"


DATES = frozenset({Target.BORN_ON, Target.ONSET_ON, Target.DIAGNOSED_ON})
NEEDED = frozenset({Target.FAMILY_NAME, Target.HOSPITAL_NUMBER})

NAMES: Mapping[Target, str] = {
    Target.FAMILY_NAME: r"family_?name|last_?name|surname|nachname|familienname|nom|apellidos?|cognome",
    Target.GIVEN_NAME: r"given_?names?|first_?name|forename|vorname|prenom|nombre|nome",
    Target.BORN_ON: r"born(_on)?|birth_?date|date_of_birth|dob|geburtsdatum|geb_?datum|date_de_naissance|fecha_de_nacimiento",
    Target.HOSPITAL_NUMBER: r"hospital_?(number|no|id)|patient_?(number|no|id)|pat_?id|mrn|record_?id|study_?id|fallnummer|id|"
    r"patienten_?(nummer|nr|id)",
    Target.SEX: r"sex|gender|geschlecht|sexe|sexo",
    Target.DIAGNOSIS: r"diagnos[ie]s?|diagnose|dx|disease",
    Target.ONSET_ON: r"onset(_on|_date)?|date_of_onset|first_symptoms?|symptom_onset|krankheitsbeginn",
    Target.DIAGNOSED_ON: r"diagnosed(_on)?|diagnosis_date|date_of_diagnosis|diagnosedatum",
    Target.ANTIBODY: r"antibod(y|ies)|msa|myositis_antibody|antikoerper|autoantibody",
    Target.TELEPHONE: r"(tele)?phone(_number)?|telefon|mobile",
    Target.EMAIL: r"e_?mail(_address)?",
    Target.ADDRESS: r"(home_|postal_)?address|street|adresse|anschrift",
}
"""Names of columns in the languages of the first clinics and of REDCap exports, spelled in small letters with _ between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Target -> name of its column, and how dates are meant."""

    columns: Mapping[Target, str]
    date_order: DateOrder = DateOrder.DAY_FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A mapping to start from; ``date_order_is_clear`` is False where every date could be meant either way."""

    mapping: ColumnMapping
    date_order_is_clear: bool
    unused: tuple[str, ...]


def propose(sheet: Sheet) -> Proposal:
    """What the names of the columns suggest."""
    columns: dict[Target, str] = {}
    for target, pattern in NAMES.items():
        found = next((name for name in sheet.columns if re.fullmatch(pattern, spelled(name))), None)
        if found and found not in columns.values():
            columns[target] = found
    order, clear = date_order(sheet, [columns[target] for target in sorted(DATES) if target in columns])
    used = set(columns.values())
    return Proposal(
        mapping=ColumnMapping(columns=columns, date_order=order),
        date_order_is_clear=clear,
        unused=tuple(name for name in sheet.columns if name not in used),
    )


LETTERS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("é"): "e", ord("ß"): "ss"}


def spelled(name: str) -> str:
    """A column's name in small letters, with _ for everything else."""
    plain = name.lower().translate(LETTERS)
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
