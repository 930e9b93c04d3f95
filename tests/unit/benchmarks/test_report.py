"""Benchmarks are listed and run by name, and their figures come out as a table and as JSON."""

from __future__ import annotations

import json
import sys

from benchmarks import __main__ as runner
from benchmarks.report import Goal, Report, Table, as_json, as_text

REPORT = Report(
    id="x",
    title="Something",
    conditions=("3 repeats",),
    goals=(Goal(what="ratio", ours=0.25, target="<= 0.333", met=True, peer=1.0),),
    tables=(Table(caption="Both", columns=("a", "b"), rows=(("ours", 1.5), ("peer", None))),),
)


def test_a_report_shows_our_figure_beside_the_peers():
    text = as_text(REPORT)
    assert "| ratio" in text and "0.25" in text and "<= 0.333" in text and "| yes" in text


def test_a_missing_figure_is_shown_as_a_dash_and_not_as_zero():
    assert "| peer | - " in as_text(REPORT)


def test_figures_come_as_json():
    assert json.loads(as_json([REPORT]))[0]["goals"][0]["ours"] == 0.25


def test_every_benchmark_is_found_by_its_file_name():
    assert {"insertion", "controls", "speed", "growth"} <= set(runner.names())


def test_an_unknown_name_is_wrong_usage(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "no-such"])
    assert runner.main() == 2
    assert "no-such" in capsys.readouterr().err
