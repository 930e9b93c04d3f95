"""Whatever is still missing, the range holds every value that filling it in can give; and better is never scored worse."""

from __future__ import annotations

import json
import os
import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from calciscope.instruments import instrument, instruments, score
from calciscope.share.score_json import score_document
from calciscope.terms.errors import Refused
from tests.generative.instruments.answers import completed, nested, one_answer, partial_answers
from tests.generative.instruments.reference import eular_acr_all, eular_acr_one, tis_points

SCORED = [name for name, one in sorted(instruments().items()) if not one.slot]
CLASSES = ["none", "possible", "probable", "definite"]
RESPONSES = ["none", "minimal", "moderate", "major"]
TIMES = float(os.environ.get("CALCISCOPE_FUZZ", "1"))  # for a longer run
RELAXED = settings(
    max_examples=int(40 * TIMES), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def document(name: str, answers: dict) -> dict:
    """The score of flat answers; answers that contradict each other are another matter, and left out."""
    try:
        found = score(instrument(name), nested(answers))
    except Refused:
        assume(False)
    return json.loads(json.dumps(score_document(found, version="0"), allow_nan=False))


def place(value: object) -> float:
    """A number, or the rank of a class."""
    for order in (CLASSES, RESPONSES):
        if value in order:
            return order.index(value)
    return float(value)


@pytest.mark.parametrize("name", SCORED)
@RELAXED
@given(data=st.data())
def test_the_range_holds_every_completion(name: str, data: st.DataObject) -> None:
    answers = data.draw(partial_answers(instrument(name)))
    before = document(name, answers)
    after = document(name, data.draw(completed(instrument(name), answers, before["missing"])))
    for key, ends in before.items():
        if not key.endswith("_range") or ends is None:
            continue
        low, high = map(place, ends)
        assert low <= place(after[key][0]) <= place(after[key][1]) <= high, key
        value = after[key.removesuffix("_range")]
        assert value is None or low <= place(value) <= high, key


@pytest.mark.parametrize("name", SCORED)
@RELAXED
@given(data=st.data())
def test_what_is_told_without_an_answer_stays_true_with_it(name: str, data: st.DataObject) -> None:
    """An output that was settled (no open range) does not change when the rest is filled in."""
    answers = data.draw(partial_answers(instrument(name)))
    before = document(name, answers)
    after = document(name, data.draw(completed(instrument(name), answers, before["missing"])))
    for output in instrument(name).outputs:
        value, ends = before[output.name], before.get(f"{output.name}_range")
        lists = isinstance(value, list | dict) or name in {"imacs-core-set", "haq-chaq", "extramuscular-global"}
        if value is not None and not lists and (ends is None or ends[0] == ends[1]):
            assert after[output.name] == value, output.name


@pytest.mark.parametrize("name", SCORED)
@RELAXED
@given(data=st.data())
def test_the_order_of_keys_does_not_matter(name: str, data: st.DataObject) -> None:
    answers = data.draw(partial_answers(instrument(name)))
    shuffled = list(answers.items())
    random.Random(data.draw(st.integers(0, 9))).shuffle(shuffled)
    assert json.dumps(document(name, answers)) == json.dumps(document(name, dict(shuffled)))


KEYS = sorted({step for one in instruments().values() for path in one.leaves() for step in path.split(".")})
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.decimals()
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner),
    max_leaves=12,
)


@pytest.mark.parametrize("name", SCORED)
@RELAXED
@given(data=st.data())
def test_anything_at_all_is_scored_or_refused_in_one_sentence(name: str, data: st.DataObject) -> None:
    keys = st.sampled_from([item.key for item in instrument(name).items])
    answers = data.draw(st.dictionaries(keys, ANYTHING, max_size=3))
    try:
        score(instrument(name), answers)
    except Refused as refusal:
        assert "\n" not in str(refusal)


@RELAXED
@given(data=st.data())
def test_eular_acr_agrees_with_trying_every_completion(data: st.DataObject) -> None:
    asked = instrument("eular-acr-2017")
    leaves = asked.leaves()
    left_out = data.draw(st.sets(st.sampled_from(sorted(leaves)), max_size=6))
    answers = {path: data.draw(one_answer(path, item)) for path, item in leaves.items() if path not in left_out}
    found = document("eular-acr-2017", answers)
    every = eular_acr_all(answers)
    scores, ranks, subgroups = zip(*every, strict=True)
    assert found["score_range"] == [float(min(scores)), float(max(scores))]
    assert found["score"] == float(min(scores))
    assert found["class_range"] == [CLASSES[min(ranks)], CLASSES[max(ranks)]]
    assert found["class"] == (CLASSES[ranks[0]] if len(set(ranks)) == 1 else None)
    assert found["subgroups_possible"] == sorted({one for one in subgroups if one})
    assert found["subgroup"] == (subgroups[0] if len(set(subgroups)) == 1 else None)


@RELAXED
@given(data=st.data())
def test_eular_acr_complete_agrees_with_the_table(data: st.DataObject) -> None:
    answers = {path: data.draw(one_answer(path, item)) for path, item in instrument("eular-acr-2017").leaves().items()}
    found = document("eular-acr-2017", answers)
    total, rank, subgroup = eular_acr_one(answers)
    assert (found["score"], found["class"], found["subgroup"]) == (float(total), CLASSES[rank], subgroup)
    assert sum(Decimal(str(points)) for points in found["parts"].values()) == total


@RELAXED
@given(data=st.data(), finding=st.sampled_from(sorted(instrument("eular-acr-2017").leaves())))
def test_one_more_finding_never_lowers_the_score(data: st.DataObject, finding: str) -> None:
    assume(finding not in {"age_at_onset", "biopsy_done"})
    answers = data.draw(partial_answers(instrument("eular-acr-2017")))
    without, with_it = (document("eular-acr-2017", {**answers, finding: present}) for present in (False, True))
    assume(without["column"] == with_it["column"])
    assert without["score"] <= with_it["score"]
    assert without["score_range"][1] <= with_it["score_range"][1]


MEASURES = {
    "physician_global": ("physician_global", 10, -1),
    "patient_global": ("patient_global", 10, -1),
    "haq": ("haq", 3, -1),
    "mmt8": ("strength", 150, 1),
    "extramuscular_global": ("extramuscular", 10, -1),
}


@RELAXED
@given(data=st.data())
def test_tis_agrees_with_the_printed_table(data: st.DataObject) -> None:
    """Every measure by itself, from the table; values on a grid, so that the limits of the steps are met exactly."""
    population = data.draw(st.sampled_from(["adult", "juvenile"]))
    answers: dict[str, object] = {"population": population}
    expected = Decimal(0)
    for measure, (row, scale, sign) in MEASURES.items():
        step = Decimal(scale) / 100
        earlier, later = (step * data.draw(st.integers(0, 100)) for _ in range(2))
        answers |= {f"baseline.{measure}": earlier, f"followup.{measure}": later}
        expected += tis_points(row, sign * (later - earlier) * 100 / scale)
    earlier, later = (Decimal(data.draw(st.integers(0, 400))) / 10 for _ in range(2))
    answers |= {"baseline.enzymes.ck.value": earlier * 20, "followup.enzymes.ck.value": later * 20}
    answers |= {f"{visit}.enzymes.ck.uln": 20 for visit in ("baseline", "followup")}
    answers |= {f"{visit}.mmt8_max": 150 for visit in ("baseline", "followup")}
    expected += tis_points("enzyme", (earlier - later) * 100 / 15)
    found = document("tis-2016", answers)
    limits = (20, 40, 60) if population == "adult" else (30, 45, 70)
    assert found["score"] == float(expected)
    assert found["missing"] == []
    assert found["response"] == RESPONSES[sum(expected >= limit for limit in limits)]


@RELAXED
@given(data=st.data(), measure=st.sampled_from(sorted(MEASURES)))
def test_a_better_follow_up_never_scores_less(data: st.DataObject, measure: str) -> None:
    answers = data.draw(partial_answers(instrument("tis-2016")))
    path = f"followup.{measure}"
    sign, item = MEASURES[measure][2], instrument("tis-2016").leaves()[path]
    one, other = (data.draw(one_answer(path, item)) for _ in range(2))
    worse, better = sorted((one, other), key=lambda value: sign * value)
    low, high = (document("tis-2016", {**answers, path: value}) for value in (worse, better))
    assert low["score"] <= high["score"]
    assert low["score_range"][1] <= high["score_range"][1]


@RELAXED
@given(data=st.data())
def test_a_higher_grade_never_lowers_the_cdasi(data: st.DataObject) -> None:
    answers = data.draw(partial_answers(instrument("cdasi-v2")))
    leaves = instrument("cdasi-v2").leaves()
    path = data.draw(st.sampled_from(sorted(leaves)))
    one, other = sorted(data.draw(one_answer(path, leaves[path])) for _ in range(2))
    low, high = (document("cdasi-v2", {**answers, path: value}) for value in (one, other))
    for name in ("activity", "damage"):
        assert low[f"{name}_range"][0] <= high[f"{name}_range"][0]
        assert low[f"{name}_range"][1] <= high[f"{name}_range"][1]
