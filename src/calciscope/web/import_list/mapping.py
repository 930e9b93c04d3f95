"""Which column of a clinic's list means what, and what each row says as a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from calciscope.record.actions.patients import Person
from calciscope.web.design import days

FIELDS = {
    "family_name": "Family name",
    "given_name": "Given name",
    "born_on": "Date of birth",
    "hospital_number": "Hospital number",
    "telephone": "Telephone",
    "email": "E-mail address",
    "address": "Address",
}
NEEDED = ("family_name", "hospital_number")
KNOWN = {
    "family_name": ("familyname", "lastname", "surname", "name", "nachname"),
    "given_name": ("givenname", "firstname", "forename", "vorname"),
    "born_on": ("dateofbirth", "dob", "born", "birthdate", "bornon", "geburtsdatum"),
    "hospital_number": (
        "hospitalnumber", "mrn", "patientid", "number", "recordid", "studyid", "id", "medicalrecordnumber", "pid",
    ),
    "telephone": ("telephone", "phone", "tel", "mobile"),
    "email": ("email", "mail", "emailaddress"),
    "address": ("address", "street"),
}  # fmt: skip
"""Names that such columns carry, letters alone; REDCap's record_id and first_name among them."""
ORDERS = {"iso": "2014-03-07 or 07 Mar 2014", "dmy": "07/03/2014, the day first", "mdy": "03/07/2014, the month first"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: the person it gives, or why it is refused."""

    number: int
    person: Person | None
    shown: Mapping[str, str]
    problem: str


def guessed(header: Sequence[str]) -> dict[str, int]:
    """Field -> column, as far as the names of the columns tell."""
    plain = [re.sub(r"[^a-z]", "", name.lower()) for name in header]
    found: dict[str, int] = {}
    for field, names in KNOWN.items():
        place = next(
            (plain.index(name) for name in names if name in plain and plain.index(name) not in found.values()), None
        )
        if place is not None:
            found[field] = place
    return found


def numbers(rows: Sequence[Sequence[str]], columns: Mapping[str, int]) -> set[str]:
    """The hospital numbers of a list."""
    place = columns.get("hospital_number")
    return set() if place is None else {row[place].strip() for row in rows[1:]} - {""}


def lines(
    rows: Sequence[Sequence[str]], columns: Mapping[str, int], order: str, present: Collection[str] = ()
) -> list[Line]:
    """Every row below the header; a number that stands there twice, or in the record, is refused each time."""
    found = [_line(number, row, columns, order) for number, row in enumerate(rows[1:], start=2)]
    counts = Counter(line.shown.get("hospital_number", "") for line in found)
    return [_once(line, counts, present) for line in found]


def _line(number: int, row: Sequence[str], columns: Mapping[str, int], order: str) -> Line:
    shown = {field: row[place].strip() for field, place in columns.items() if 0 <= place < len(row)}
    problems = []
    born_on = None
    if shown.get("born_on"):
        born_on = _day(shown["born_on"], order)
        if born_on is None:
            problems.append("Date of birth: not a date as chosen above")
    said = {field: shown.get(field, "") for field in FIELDS if field != "born_on"}
    person = Person(born_on=born_on, **said)
    problems += [f"{FIELDS[problem.field]}: {problem.message}" for problem in person.problems()]
    return Line(number=number, person=None if problems else person, shown=shown, problem="; ".join(problems))


def _once(line: Line, counts: Mapping[str, int], present: Collection[str]) -> Line:
    number = line.shown.get("hospital_number", "")
    problem = "stands in the list twice" if counts[number] > 1 else ""
    if not problem and number in present:
        problem = "is in the record already"
    if line.person and problem:
        return Line(number=line.number, person=None, shown=line.shown, problem=f"Hospital number: {problem}")
    return line


def _day(text: str, order: str) -> date | None:
    iso = days.read(text.partition(" ")[0] if re.match(r"\d{4}-\d{2}-\d{2} ", text) else text)
    parts = [int(part) for part in re.findall(r"\d+", text)] if order != "iso" and not iso[:4].isdigit() else []
    try:
        if len(parts) == 3:
            first, second, year = parts
            return date(year, second, first) if order == "dmy" else date(year, first, second)
        return date.fromisoformat(iso)
    except ValueError:
        return None
