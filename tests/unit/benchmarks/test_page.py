"""The accuracy page says what the stored outcomes say, failures too."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from benchmarks import page
from benchmarks.report import Goal, Report, Table

REPORT = Report(
    id="x",
    title="Something",
    conditions=("3 repeats",),
    goals=(Goal(what="ratio", ours=0.5, target="<= 0.333", met=False, peer=1.0),),
    tables=(Table(caption="Both", columns=("a", "b"), rows=(("ours", 1.5), ("peer", None))),),
    notes=("a note",),
)


def test_a_stored_report_comes_back_the_same():
    assert page.report_of(asdict(REPORT)) == REPORT


def test_a_goal_that_was_not_met_is_published_as_such(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(page, "PAGE", tmp_path / "accuracy.md")
    page.publish(REPORT, quick=True, seconds=12.3)
    text = (tmp_path / "accuracy.md").read_text()
    assert "| ratio" in text and "| NO" in text and "quick run of 12 s" in text


def test_the_accuracy_page_is_what_the_stored_outcomes_say():
    if not list(page.RESULTS.glob("*.json")):
        pytest.skip("nothing published yet")
    assert page.PAGE.read_text(encoding="utf-8") == page.page(), "run: python -m benchmarks NAME --publish"
