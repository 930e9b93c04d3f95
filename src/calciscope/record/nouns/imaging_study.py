"""An imaging study and its dose. What was measured on it is `imaging_measurement`, beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Day, Number, Several, Text, YesNo
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import REGIONS, spoken

UID = r"[0-9.]{1,64}"


def _check_of_child(data: Mapping[str, Any]) -> Iterable[Problem]:
    if (
        data["modality"] == "ct"
        and data.get("done_elsewhere") is not True
        and not str(data.get("question", "")).strip()
    ):
        yield Problem(
            field="question", message="Under 18: say what this scan would change. Its dose adds to those before."
        )


NOUN = Noun(
    title="Imaging study",
    of=Of.PATIENT,
    dated_by="done_on",
    check_of_child=_check_of_child,
    fields=(
        Choice(
            name="modality",
            label="Modality",
            required=True,
            may_be_unassessed=False,
            choices=spoken("ct", "radiograph", "ultrasound", "mri", "scintigraphy", "dxa", "eos"),
        ),
        Day(name="done_on", label="Done on", required=True, may_be_unassessed=False),
        Several(name="regions", label="Parts shown", choices=REGIONS),
        Text(name="study_uid", label="Study", pattern=UID, longest=64),
        Text(name="series_uid", label="Series", pattern=UID, longest=64),
        Number(name="ctdivol_mgy", label="CTDIvol", unit="mGy", low=0, high=1000),
        Number(name="dlp_mgy_cm", label="DLP", unit="mGy.cm", low=0, high=100_000),
        Number(name="effective_dose_msv", label="Effective dose, estimated", unit="mSv", low=0, high=500),
        YesNo(name="done_elsewhere", label="Done elsewhere"),
        Text(name="question", label="What would this scan change", longest=1000),
        Text(name="identity_note", label="Why images that name somebody else are this patient's", longest=2000),
        Text(name="report", label="Report in words", longest=10_000),
    ),
)
