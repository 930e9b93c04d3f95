"""The diagnosis and its dates: the delays between them are risk factors of calcinosis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Day, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import spoken, words

IN_ORDER = ("onset_on", "diagnosed_on", "treated_on")
SUBTYPES = spoken("dystrophic", "metastatic", "idiopathic", "iatrogenic", "calciphylaxis")
FIVE = "J Am Acad Dermatol 2011;65:1-12 (abstract seen)"


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    days = [(name, data[name]) for name in IN_ORDER if str(data.get(name, ""))[:1].isdigit()]
    for (_, earlier), (name, later) in zip(days, days[1:], strict=False):
        shortest = min(len(earlier), len(later))
        if name == "diagnosed_on" and later[:shortest] < earlier[:shortest]:
            yield Problem(field=name, message="This lies before the first symptom.")


NOUN = Noun(
    title="Diagnosis",
    of=Of.PATIENT,
    once=True,
    dated_by="diagnosed_on",
    check=_check,
    fields=(
        Choice(name="type", label="Diagnosis", choices=words("diagnoses"), required=True, may_be_unassessed=False),
        Day(name="onset_on", label="First symptom", partial=True),
        Day(name="diagnosed_on", label="Diagnosed", partial=True),
        Day(name="treated_on", label="First treated", partial=True),
        Day(name="calcinosis_on", label="First calcinosis", partial=True),
        Choice(name="calcinosis_subtype", label="Subtype of calcinosis", choices=SUBTYPES, source=FIVE),
        Text(name="remark", label="Remark"),
    ),
)
