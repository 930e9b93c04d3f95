"""The sentence on top of the course, as a table of cases; and what no case may say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from calciscope.terms.tracking import Cause
from calciscope.web.course.sentence import Drug, Rating, Told, sentence

TOLD = Told(
    part="Left thigh", then_on=date(2025, 3, 10), now_on=date(2026, 3, 12), then_mg=412, now_mg=297, limit_mg=48, significant=True,
    lost=[((Cause.RESORBED,), "D01")], rating=Rating(title="pain", then=6, now=3),
    drugs=[Drug(name="tofacitinib", on=date(2025, 4, 2), started=True)],
)  # fmt: skip
DAYS = "(10 Mar 2025, 12 Mar 2026)"
MASSES = f"Left thigh 412 → 297 mg {DAYS}, beyond measurement error (48 mg)"
FELT = "pain 6 → 3 since tofacitinib (02 Apr 2025)"
UNKNOWN = (Cause.UNKNOWN,)
CASES = [
    ("loss that the record explains", {}, f"{MASSES}; loss: resorbed; {FELT}."),
    ("cause unknown", {"lost": [(UNKNOWN, "D01")]}, f"{MASSES}; loss: cause not recorded; {FELT}."),
    ("less in all, no single deposit beyond error", {"lost": []}, f"{MASSES}; loss: cause not recorded; {FELT}."),
    ("two causes at one deposit", {"lost": [((Cause.EXCISED, Cause.DRAINED), "D01")]},
     f"{MASSES}; loss: removed by a procedure and drained; {FELT}."),
    ("several causes", {"lost": [(UNKNOWN, ""), ((Cause.EXCISED,), "D03"), (UNKNOWN, "D02")]},
     f"{MASSES}; loss: removed by a procedure (D03), cause not recorded (2 deposits); {FELT}."),
    ("within error", {"now_mg": 400, "significant": False, "lost": []},
     f"Left thigh 412 → 400 mg {DAYS}, within measurement error (48 mg); {FELT}."),
    ("within error, one deposit lost", {"now_mg": 400, "significant": False, "lost": [((Cause.EXTRUDED,), "D04")]},
     f"Left thigh 412 → 400 mg {DAYS}, within measurement error (48 mg); loss: came out through the skin (D04); {FELT}."),
    ("more, new deposits and grown ones", {"now_mg": 5926.7, "then_mg": 412, "lost": [], "events": {"new": 2, "grown": 6, "stable": 9}},
     f"Left thigh 412 → 5\u202f927 mg {DAYS}, beyond measurement error (48 mg); 2 new, 6 grown; {FELT}."),
    ("not evaluable", {"now_mg": None, "significant": None, "lost": [], "why_not": "The two scans show different parts of the body."},
     f"Left thigh cannot be compared {DAYS}: The two scans show different parts of the body; {FELT}."),
    ("no second scan", {"now_on": None}, "Left thigh 412 mg on 10 Mar 2025; there is no second scan to compare it with."),
    ("no second scan, mass not evaluable", {"now_on": None, "then_mg": None},
     "Left thigh mass not evaluable; there is no second scan to compare it with."),
    ("no scan", {"then_on": None}, "No scan has been measured yet."),
    ("pain missing", {"rating": None}, f"{MASSES}; loss: resorbed; what the patient feels is not recorded; between the scans "
     "tofacitinib started."),
    ("pain missing now", {"rating": Rating(title="pain", then=6, now=None), "drugs": []},
     f"{MASSES}; loss: resorbed; pain 6 then, not recorded now."),
    ("pain missing then", {"rating": Rating(title="pain", then=None, now=3), "drugs": []},
     f"{MASSES}; loss: resorbed; pain 3 now, not recorded then."),
    ("no drug between", {"drugs": []}, f"{MASSES}; loss: resorbed; pain 6 → 3."),
    ("several drugs between", {"drugs": [*TOLD.drugs, Drug(name="methotrexate", on=date(2025, 3, 20), started=False)]},
     f"{MASSES}; loss: resorbed; pain 6 → 3; between the scans methotrexate stopped, tofacitinib started."),
    ("one drug stopped", {"drugs": [Drug(name="methotrexate", on=date(2025, 3, 20), started=False)]},
     f"{MASSES}; loss: resorbed; pain 6 → 3; between the scans methotrexate stopped."),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_it_says(changed, said) -> None:
    assert sentence(replace(TOLD, **changed)) == said


@pytest.mark.parametrize("changed", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_it_judges_nothing(changed) -> None:
    """It calls nothing good, and a fall of the burden beyond error is never without a word on its cause."""
    words = sentence(replace(TOLD, **changed))
    assert not re.search(r"\b(good|better|improve|success|work|effective|respon)", words.lower())
    told = replace(TOLD, **changed)
    if told.significant and told.then_on and told.now_on and (told.now_mg or 0) < (told.then_mg or 0) and told.now_mg:
        assert "loss: " in words
