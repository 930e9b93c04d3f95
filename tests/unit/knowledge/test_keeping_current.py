"""Files are overdue by their own dates; references that are imported wait, once each, and are never evidence by themselves."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from calciscope.knowledge import knowledge, load_knowledge
from calciscope.knowledge import load as loading
from calciscope.knowledge.currency import checked_files, overdue_files
from calciscope.knowledge.load_upkeep import seen_on
from calciscope.knowledge.model import LookedAt
from calciscope.knowledge.take_references import suggested, take
from calciscope.knowledge.toml_table import KnowledgeRefused
from calciscope.terms.errors import Refused
from calciscope.terms.references import Reference

ON = date(2026, 11, 28)
NEW = Reference(
    title="A trial of methotrexate", authors=("Example A",), year=2026, pmid="31234567", doi="10.1000/xyz.7"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(loading.SHIPPED, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "knowledge"


def test_every_therapy_rule_and_trial_has_a_day_on_which_it_is_due() -> None:
    known = knowledge()
    files = {(one.folder, one.id): one for one in checked_files(known)}
    assert len(files) == len(known.therapies) + len(known.rules) + len(known.trials)
    assert all(one.due > one.checked for one in files.values())
    assert files["therapies", "methotrexate"].due == date(2027, 11, 23)
    assert files["rules", "methotrexate-egfr-below-30"].due == date(2027, 11, 23)
    assert files["rules", "methotrexate-monitoring"].due == date(2028, 11, 23)


def test_a_file_is_overdue_from_the_day_after() -> None:
    known = replace(knowledge(), rules={}, trials={})
    assert overdue_files(known, date(2027, 11, 23)) == tuple(
        one for one in checked_files(known) if one.kind == "experimental_therapy"
    )
    assert len(overdue_files(known, date(2027, 11, 24))) == len(known.therapies)


def test_a_file_may_ask_for_less_time_and_never_gets_more(folder: Path) -> None:
    file = folder / "therapies" / "methotrexate.toml"
    text = file.read_text(encoding="utf-8")
    for own, due in ((3, date(2027, 2, 23)), (99, date(2027, 11, 23))):
        file.write_text(
            text.replace("checked = 2026-11-23", f"checked = 2026-11-23\ncheck_months = {own}"), encoding="utf-8"
        )
        files = {one.id: one.due for one in checked_files(load_knowledge(folder)) if one.folder == "therapies"}
        assert files["methotrexate"] == due


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Nov 2026", date(2026, 11, 1)),
        ("2022", date(2022, 1, 1)),
        ("Nvo 2026", None),
        ("soon", None),
        ("November 2026", None),
    ],
)
def test_when_a_register_was_seen(text: str, day: date | None) -> None:
    assert seen_on(text) == day


def test_new_references_wait_and_change_no_advice(folder: Path) -> None:
    before = load_knowledge(folder)
    taken = take([NEW, NEW, replace(NEW, pmid="")], before, folder=folder, on=ON)
    assert (taken.new, taken.evidence, taken.waiting, taken.set_aside) == (("pmid-31234567",), 0, 2, 0)
    after = load_knowledge(folder)
    assert after.version == before.version
    assert after.sources.keys() == before.sources.keys()
    (waits,) = after.waiting.values()
    assert (waits.state, waits.suggests, waits.doi, waits.found_on) == (
        LookedAt.WAITING,
        ("methotrexate",),
        "10.1000/xyz.7",
        ON,
    )
    again = take([NEW], after, folder=folder, on=ON)
    assert (again.new, again.waiting) == ((), 1)


@pytest.mark.parametrize("named", [{"pmid": "27494629"}, {"doi": "10.1002/art.42450"}])
def test_what_is_evidence_already_does_not_wait(folder: Path, named: dict[str, str]) -> None:
    known = Reference(title="Read long ago", **named)
    taken = take([known], load_knowledge(folder), folder=folder, on=ON)
    assert (taken.new, taken.evidence) == ((), 1)


def test_what_was_set_aside_does_not_come_back(folder: Path) -> None:
    take([NEW], load_knowledge(folder), folder=folder, on=ON)
    file = folder / "waiting" / "pmid-31234567.toml"
    file.write_text(file.read_text().replace('state = "waiting"', 'state = "set_aside"\nwhy = "No calcinosis in it."'))
    taken = take([replace(NEW, pmid="")], load_knowledge(folder), folder=folder, on=ON)
    assert (taken.new, taken.set_aside) == ((), 1)


def test_without_a_number_the_title_tells_two_apart(folder: Path) -> None:
    bare = Reference(title="A Letter")
    taken = take(
        [bare, Reference(title="a letter."), Reference(title="Another")], load_knowledge(folder), folder=folder, on=ON
    )
    assert (len(taken.new), taken.waiting) == (2, 1)


@pytest.mark.parametrize(
    ("about", "therapies"),
    [
        ("Topical sodium thiosulphate", {"thiosulfate_topical", "thiosulfate_iv", "thiosulfate_intralesional"}),
        ("Wound-care at home, and Cyclosporine", {"wound_care", "ciclosporin"}),
        ("Aluminum hydroxide", {"aluminium_hydroxide"}),
        ("Nothing of the kind", set()),
    ],
)
def test_therapies_are_suggested_by_their_names(about: str, therapies: set[str]) -> None:
    assert set(suggested(Reference(title="t", about=about), knowledge())) == therapies


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('state = "waiting"', 'state = "read"', "state is 'read'; it must be one of waiting, set_aside"),
        ('state = "waiting"', 'state = "set_aside"', "says why"),
        ('pmid = "31234567"', 'pmid = "27494629"', "27494629 is evidence/"),
        ('suggests = ["methotrexate"]', 'suggests = ["methotrexat"]', "'methotrexat', which is not known"),
    ],
)
def test_a_malformed_waiting_file_is_refused_with_its_line(folder: Path, old: str, new: str, words: str) -> None:
    take([NEW], load_knowledge(folder), folder=folder, on=ON)
    file = folder / "waiting" / "pmid-31234567.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(KnowledgeRefused, match=r"waiting/pmid-31234567.toml, line \d+: ") as refused:
        load_knowledge(folder)
    assert words in str(refused.value)


def test_odd_signs_in_a_title_stay_text(folder: Path) -> None:
    odd = Reference(title='Of "quotes", \\ and é', pmid="5")
    take([odd], load_knowledge(folder), folder=folder, on=ON)
    assert odd.title in load_knowledge(folder).waiting["pmid-5"].cite


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written below .* --knowledge"):
        take([NEW], knowledge(), folder=tmp_path / "not" / "there", on=ON)
