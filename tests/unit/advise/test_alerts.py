"""At most three alerts are shown beside red flags; none is lost, and the gravest come first."""

from __future__ import annotations

import json

import pytest

from calciscope.advise import advise, alerts
from calciscope.advise.alerts import GRAVE, MOST_SHOWN, AlertKind
from calciscope.knowledge import knowledge
from calciscope.read.picture_json import read_picture
from calciscope.terms.advice import Advice
from tests.spec.vignettes import advised, vignettes

DRUGS = """methotrexate tofacitinib diltiazem colchicine cotrimoxazole beta_blocker azathioprine allopurinol thalidomide
prednisone""".split()
CROWDED = {
    "as_of": "2026-11-23",
    "patient": {"born": "1970-03-02", "sex": "female", "breastfeeding": True},
    "medications": [
        {"therapy": name}
        for name in DRUGS
    ],
    "conditions": ["heart_failure", "peptic_ulcer", "diabetes", "active_infection", "venous_thromboembolism"],
}  # fmt: skip


def crowded() -> Advice:
    return advise(read_picture(json.dumps(CROWDED).encode()), knowledge())


def every_rule(advice: Advice) -> set[str]:
    found = {card.rule for card in advice.findings}
    for one in advice.current:
        found |= {card.rule for card in (*one.stops, *one.interactions, *one.cautions)}
    return found


@pytest.mark.parametrize("name", [one.id for one in vignettes()])
def test_nothing_is_dropped_or_said_twice(name: str) -> None:
    advice = advised(name)
    found = alerts(advice)
    told = [said.card.rule for one in (*found.shown, *found.folded) for said in (one.first, *one.further)]
    assert sorted(told) == sorted(every_rule(advice))
    assert len(found.shown) <= MOST_SHOWN
    hidden = sum(count for _, count in found.folded_counts)
    assert hidden == len(told) - len(found.shown)


def test_the_gravest_are_shown_and_a_drug_speaks_once() -> None:
    found = alerts(crowded())
    assert len(found.shown) == MOST_SHOWN
    assert found.folded
    assert found.shown[0].first.kind is AlertKind.STOP
    ranks = [GRAVE.index(one.first.kind) for one in (*found.shown, *found.folded)]
    assert ranks == sorted(ranks)
    heads = [one.first.drugs[0] for one in (*found.shown, *found.folded) if one.first.drugs]
    assert len(heads) == len(set(heads))


def test_an_interaction_seen_from_both_drugs_is_one_alert() -> None:
    found = alerts(crowded())
    both = [said for one in (*found.shown, *found.folded) for said in (one.first, *one.further) if len(said.drugs) > 1]
    assert both
    assert len({said.card.rule for said in both}) == len(both)


def test_red_flags_stand_before_and_are_no_alert() -> None:
    advice = advised("09-calciphylaxis")
    told = {
        said.card.rule for one in (*alerts(advice).shown, *alerts(advice).folded) for said in (one.first, *one.further)
    }
    assert advice.red_flags
    assert not told & {card.rule for card in advice.red_flags}
