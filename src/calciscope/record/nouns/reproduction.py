"""Pregnancy, breastfeeding and the possibility of either, which rule out treatments."""

from __future__ import annotations

from calciscope.record.fields import Day, YesNo
from calciscope.record.noun import Noun, Of

NOUN = Noun(
    title="Pregnancy and breastfeeding",
    of=Of.PATIENT,
    once=True,
    dated_by="asked_on",
    fields=(
        Day(name="asked_on", label="Asked on", required=True, may_be_unassessed=False),
        YesNo(name="childbearing_potential", label="Could become pregnant"),
        YesNo(name="pregnant", label="Pregnant"),
        YesNo(name="breastfeeding", label="Breastfeeding"),
        YesNo(name="contraception", label="Uses reliable contraception"),
    ),
)
