"""Whether images are this patient's: spelled otherwise is alike, another person is never alike."""

from __future__ import annotations

from datetime import date

import pytest

from calciscope.record.scans.whose import InFiles, InRecord, likeness

BORN = date(2014, 3, 2)


def record(**changed) -> InRecord:
    said = {
        "family_name": "Müller-Lüdenscheidt",
        "given_name": "Ada Maria",
        "born_on": BORN,
        "numbers": ("H-0001", "7 12"),
    }
    return InRecord(**(said | changed))


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("Müller-Lüdenscheidt Ada", "alike"), ("MULLER LUDENSCHEIDT ADA", "alike"), ("Ada Muller", "alike"),
        ("Müller A", "alike"), ("Muller", "alike"), ("", "not said"), ("Müller Berta", "differs"), ("Example Ada", "differs"),
    ],
)  # fmt: skip
def test_names(name, alike) -> None:
    assert likeness(InFiles(name=name), record()).name == alike


def test_numbers_and_births() -> None:
    assert likeness(InFiles(number="h 0001"), record()).number == "alike"
    assert likeness(InFiles(number="712"), record()).number == "alike"
    assert likeness(InFiles(number="713"), record()).number == "differs"
    assert likeness(InFiles(born_on=BORN), record()).born_on == "alike"
    assert likeness(InFiles(born_on=BORN), record(born_on=None)).born_on == "not said"


def test_what_a_person_has_to_look_at() -> None:
    same = InFiles(name="Muller Ada", born_on=BORN, number="another hospital's")
    assert likeness(same, record()).doubtful == ()
    assert likeness(InFiles(number="X", name="Muller Ada"), record()).doubtful == ("number",)
    assert likeness(InFiles(name="Example Ada", born_on=BORN, number="H-0001"), record()).doubtful == ("name",)
    assert likeness(InFiles(), record()).doubtful == ()
    assert not likeness(InFiles(), record()).known
