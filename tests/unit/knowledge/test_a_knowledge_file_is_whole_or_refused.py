"""A malformed knowledge file is refused with its name, the line and what is wrong; nothing is loaded by halves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from calciscope.knowledge import knowledge, load_knowledge
from calciscope.knowledge import load as loading
from calciscope.knowledge.toml_table import KnowledgeRefused
from calciscope.terms.errors import Broken

RULE = """therapies = ["methotrexate"]
level = "stop"
when = [{ fact = "egfr", below = 30 }]
because = "Reason."
source = "own-judgement"
verification = "judgement"
checked = 2026-11-23
fires = { egfr = 29 }
silent = { egfr = 30 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(loading.SHIPPED, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "knowledge"


def refusal(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeRefused) as refused:
        load_knowledge(folder)
    return str(refused.value)


def test_the_shipped_knowledge_loads() -> None:
    known = knowledge()
    assert known.therapies
    assert known.rules
    assert all(rule.source in known.sources for rule in known.rules.values())


def test_a_good_rule_is_taken(folder: Path) -> None:
    (folder / "rules" / "mine.toml").write_text(RULE, encoding="utf-8")
    assert "mine" in load_knowledge(folder).rules


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('level = "stop"', 'level = "halt"', 2, "level is 'halt'; it must be one of stop, caution"),
        ('["methotrexate"]', '["methotrexat"]', 1, "therapies names 'methotrexat', which is not known"),
        ('fact = "egfr"', 'fact = "egrf"', 3, "there is no fact 'egrf'"),
        ("below = 30", "is = true", 3, "the fact egfr is a number, and needs a limit"),
        ("below = 30", "below = 30, above = 9", 3, "against more than one limit"),
        ('{ fact = "egfr", below = 30 }', '{ fact = "fever", below = 3 }', 3, "is yes or no, and has no limit"),
        ('{ fact = "egfr", below = 30 }', '{ fact = "egfr", belw = 30 }', 3, "the fact egfr is a number"),
        ('because = "Reason."', 'because = " "', 4, "because must be there"),
        ('because = "Reason."\n', "", 1, "because must be there"),
        ('"own-judgement"', '"nowhere"', 5, "cites 'nowhere', which is no file in evidence"),
        ('"judgement"\nchecked', '"sure"\nchecked', 6, "verification is 'sure'"),
        ("fires = { egfr = 29 }\n", "", 1, "an example in which it fires"),
        ("checked = 2026-11-23\n", "", 1, "checked must be a date"),
        ("egfr = 29", "gfr = 29", 8, "the example names 'gfr', which is no fact"),
        ('level = "stop"', 'level = "stop"\nurgnt = true', 3, "the key urgnt means nothing here"),
        ('level = "stop"', 'level = "finding"', 1, "a rule of level finding names no therapy"),
        ("when = [{", "when = [{{", 3, "is not TOML"),
    ],
)
def test_a_malformed_rule_is_refused_with_its_line(folder: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in RULE
    said = refusal(folder, "rules/mine.toml", RULE.replace(old, new))
    assert f"rules/mine.toml, line {line}" in said
    assert words in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('line = "now"', 'line = "soon"', "line is 'soon'; it must be one of now, next, later, not_suited"),
        ('situations = ["active_disease"]', 'situations = ["actve"]', "situations names 'actve', which is not known"),
        ("n = 139", "n = -1", "n must be a whole number from 0"),
        ("checked = 2026-11-23", 'checked = "2026"', "checked must be a date"),
        ('source = "ruperto-2016"', 'source = "nobody"', "cites 'nobody', which is no file in evidence"),
    ],
)
def test_a_malformed_therapy_is_refused(folder: Path, old: str, new: str, words: str) -> None:
    text = (folder / "therapies" / "methotrexate.toml").read_text(encoding="utf-8")
    assert old in text
    said = refusal(folder, "therapies/methotrexate.toml", text.replace(old, new, 1))
    assert "therapies/methotrexate.toml, line " in said
    assert words in said


def test_a_missing_vocabulary_and_a_wrong_unit_are_refused(folder: Path) -> None:
    said = refusal(folder, "vocabulary/allergies.toml", "[sulfite]\ntitel = 1\n")
    assert "vocabulary/allergies.toml, line 1: title must be there" in said
    (folder / "vocabulary" / "allergies.toml").unlink()
    with pytest.raises(KnowledgeRefused, match=r"vocabulary/allergies.toml, line 1: the file is not there"):
        load_knowledge(folder)


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "rules" / "mine.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(KnowledgeRefused, match=r"rules/mine.toml, line 1: it is not UTF-8 text"):
        load_knowledge(folder)


def test_a_fault_in_what_is_shipped_is_our_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "rules" / "mine.toml").write_text("level = 1\n", encoding="utf-8")
    monkeypatch.setattr(loading, "SHIPPED", folder)
    with pytest.raises(Broken, match=r"rules/mine.toml, line 1"):
        loading.knowledge.__wrapped__()


def test_one_more_therapy_is_one_more_file(folder: Path) -> None:
    text = (folder / "therapies" / "wound_care.toml").read_text(encoding="utf-8")
    before = load_knowledge(folder)
    (folder / "therapies" / "cold_packs.toml").write_text(text, encoding="utf-8")
    after = load_knowledge(folder)
    assert set(after.therapies) - set(before.therapies) == {"cold_packs"}
    assert after.version != before.version


KINDS = [
    *(f"{name}/{min(path.name for path in (loading.SHIPPED / name).glob('*.toml'))}" for name in loading.FOLDERS[1:]),
    *(f"vocabulary/{path.name}" for path in sorted((loading.SHIPPED / "vocabulary").glob("*.toml"))),
]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_is_refused_with_its_line(folder: Path, name: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    last = len(text.splitlines())
    assert f"{name}, line {last + 1}, is not TOML" in refusal(folder, name, f"{text.rstrip()}\nbroken = [\n")
    assert f"{name}, line 1: " in refusal(folder, name, f"misspelt = 1\n{text}")


@pytest.mark.parametrize("name", [one for one in KINDS if not one.startswith("vocabulary/")])
def test_what_a_kind_of_file_must_say_is_asked_for_by_name(folder: Path, name: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    keys = [line.split(" = ")[0] for line in text.split("\n[", 1)[0].splitlines() if " = " in line and line[0].isalpha()]
    needed = []
    for key in keys:
        without = "\n".join(line for line in text.splitlines() if not line.startswith(f"{key} = "))
        (folder / name).write_text(without + "\n", encoding="utf-8")
        try:
            load_knowledge(folder)
        except KnowledgeRefused as refused:
            assert f"{name}, line " in str(refused)
            needed.append(key)
    assert needed
