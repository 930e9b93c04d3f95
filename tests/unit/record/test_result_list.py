"""Laboratory results of many patients: every row is taken or refused with why; units are never guessed or converted."""

from __future__ import annotations

import pytest

from calciscope.record.actions.import_results import import_results
from calciscope.record.models.entry import Entry
from calciscope.record.patient_list.sheet import read_sheet
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.results import results_there
from calciscope.record.result_list.mapping import ResultColumn, ResultMapping, propose_results
from calciscope.record.result_list.preview import preview_results
from calciscope.terms.errors import NotAllowed, Refused

CSV = """MRN,Collected,Test,Result,Unit,Low,High,Lab
H-0001,2026-10-01,CK,"1.240,5",U/L,25,190,North
H-0001,2026-10-01,2157-6,1240,IU/L,25,190,North
H-0001,2026-10-02,CK,<20,u/l,25,190,North
H-0001,2026-10-01,calcium,9.4,mg/dL,8.6,10.4,North
H-0001,2026-10-01,phosphate,1.2,mg/L,,,North
H-0001,2026-10-01,creatinine,65,mg/dL,,,North
H-0001,2026-10-01,magic,1,U/L,,,North
H-0001,2999-10-01,ESR,10,mm/h,,,North
H-0404,2026-10-01,ESR,10,mm/h,,,North
H-0001,2026-10-01,ESR,,mm/h,,,North
H-0001,2026-10-01,ESR,10,mm/h,20,0,North
"""


def test_rows_are_taken_or_refused_at_the_field(doctor, patient) -> None:
    sheet = read_sheet("results.csv", CSV.encode())
    mapping, clear = propose_results(sheet)
    assert clear and set(mapping.columns) >= {ResultColumn.TEST, ResultColumn.LOW, ResultColumn.LABORATORY}
    told = preview_results(sheet, mapping, patients=results_there(by=doctor).patients)
    assert [(row.row, row.data["test"], row.data["value"]) for row in told.taken] == [
        (3, "creatine_kinase", 1240), (4, "creatine_kinase", 20), (5, "calcium", 9.4),
    ]  # fmt: skip
    assert told.taken[0].data["unit"] == "U/L" and told.taken[1].data["comparator"] == "<"
    assert {row.row: [problem.field for problem in row.problems] for row in told.refused} == {
        2: ["value"], 6: ["unit"], 7: ["value"], 8: ["test"], 9: ["sampled_on"], 10: ["hospital_number"], 11: ["value"],
        12: ["low"],
    }  # fmt: skip


def test_taken_results_are_written_once(doctor, people, patient) -> None:
    sheet = read_sheet("results.csv", CSV.encode())
    mapping, _ = propose_results(sheet)
    there = results_there(by=doctor)
    told = preview_results(sheet, mapping, patients=there.patients, present=there.present)
    with pytest.raises(NotAllowed):
        import_results(by=people(name="stranger"), rows=told.taken)
    assert not Entry.unscoped.filter(noun="laboratory_result").exists()
    assert import_results(by=doctor, rows=told.taken) == 3
    assert len(patient_page(by=doctor, patient=patient).facts) == 3
    there = results_there(by=doctor)
    again = preview_results(sheet, mapping, patients=there.patients, present=there.present)
    assert again.taken == ()
    assert results_there(by=people(name="stranger")).patients == frozenset()


def test_a_mapping_without_what_is_needed_is_refused() -> None:
    sheet = read_sheet("results.csv", CSV.encode())
    with pytest.raises(Refused, match="hospital number"):
        preview_results(sheet, ResultMapping(columns={}), patients=())
