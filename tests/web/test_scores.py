"""Every instrument opens, untouched answers are not assessed, and a kept score stands in the record as it was scored."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from calciscope.flows.score_patient import scorable
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.visits import open_visit, sign_visit
from calciscope.record.queries.patients import patient_page
from tests.web.test_visit_without_a_script import hidden, text_of

SCORED = sorted(key for key, one in scorable().items() if not one.slot)
SLOTS = sorted(key for key, one in scorable().items() if one.slot)


@pytest.fixture
def at(patient):
    return lambda instrument: reverse("score", args=[patient, instrument])


def test_every_instrument_opens_and_scores_an_untouched_sheet(web, at) -> None:
    for key in SCORED:
        assert "Keep in the record" in text_of(web.get(at(key))), key
        answer = web.post(at(key), {"try": "1"})
        assert answer.status_code in (200, 422), key
        assert "Our own fault" not in text_of(answer)


def test_a_slot_is_named_and_not_opened(web, patient, at) -> None:
    page = text_of(web.get(reverse("scores", args=[patient])))
    assert SLOTS
    for key in SLOTS:
        assert scorable()[key].title in page
        assert web.get(at(key)).status_code == 404


def test_a_score_is_shown_first_and_then_kept(web, doctor, patient, at) -> None:
    typed = {
        "age_at_onset": "45", "heliotrope": "true", "gottron_sign": "true", "enzymes_raised": "true",
        "weakness_upper_proximal": "true", "weakness_lower_proximal": "true", "biopsy_done": "false",
    }  # fmt: skip
    page = text_of(web.post(at("eular-acr-2017"), typed | {"try": "1"}))
    assert "Result, not kept yet" in page
    assert "definite" in page
    assert facts(doctor, patient) == []
    sent = hidden(page) | typed | {"keep": "1", "scored_on": "02 Nov 2026"}
    assert web.post(at("eular-acr-2017"), sent).status_code == 302
    assert web.post(at("eular-acr-2017"), sent).status_code == 422  # sent twice: kept once
    (found,) = facts(doctor, patient)
    assert found.data["result"]["class"] == "definite"
    assert str(found.effective_on) == "2026-11-02"
    assert "definite" in text_of(web.get(reverse("scores", args=[patient])))


def test_what_is_out_of_range_is_refused_with_the_typed_text_kept(web, doctor, patient, at) -> None:
    answer = web.post(at("physician-global"), {"activity_vas": "11", "keep": "1"})
    assert answer.status_code == 422
    assert 'value="11"' in text_of(answer)
    assert facts(doctor, patient) == []


def test_a_laboratorys_own_range_is_kept_when_something_else_is_wrong(web, at) -> None:
    typed = {"calcium_mg_dl": "999", "ranges.calcium.low": "8,6", "ranges.calcium.high": "10.2", "try": "1"}
    page = text_of(web.post(at("calcium-phosphate"), typed))
    assert 'value="8,6"' in page
    assert 'value="10.2"' in page


def facts(doctor, patient):
    return [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "instrument_score"]


def test_a_score_of_a_visit_is_of_its_day_and_belongs_to_it(web, doctor, patient, visit) -> None:
    address = reverse("visit_score", args=[patient, visit, "physician-global"])
    page = text_of(web.get(address))
    assert 'value="02 Nov 2026"' in page
    sent = hidden(page) | {"activity_vas": "4", "scored_on": "02 Nov 2026", "keep": "1"}
    assert web.post(address, sent)["Location"] == reverse("visit_scores", args=[patient, visit])
    (found,) = facts(doctor, patient)
    assert found.visit_id == visit
    listed = text_of(web.get(reverse("visit_scores", args=[patient, visit])))
    assert "Scored before" in listed
    assert "Again" in listed
    assert "Scores and treatment over time" in text_of(web.get(reverse("scores", args=[patient])))


def test_in_a_signed_visit_a_score_is_an_amendment(web, doctor, patient, visit) -> None:
    sign_visit(by=doctor, patient=patient, visit=visit)
    address = reverse("visit_score", args=[patient, visit, "physician-global"])
    sent = hidden(text_of(web.get(address))) | {"activity_vas": "4", "scored_on": "02 Nov 2026", "keep": "1"}
    assert web.post(address, sent).status_code == 422
    assert web.post(address, sent | {"reason": "Sheet was found in the paper file"}).status_code == 302
    assert facts(doctor, patient)[0].status == "amended"


def test_what_was_looked_at_and_not_there_is_filled_by_one_click(web, at) -> None:
    typed = {"sites.scalp.erythema": "3", "rest": "absent"}
    page = text_of(web.post(at("cdasi-v2"), typed))
    assert page.count('<option value="0" selected>') == 15 * 5 - 1
    assert '<option value="3" selected>' in page
    assert "Result, not kept yet" not in page
    filled = dict(re.findall(r'name="(sites\.[a-z_.]+)"[^>]*>.*?<option value="(\d)" selected', page))
    shown = text_of(web.post(at("cdasi-v2"), filled | {"try": "1"}))
    assert "Result, not kept yet" in shown


def test_strength_of_zero_is_never_filled_in(web, at) -> None:
    page = text_of(web.get(at("mmt-8")))
    assert "not there" not in page
    assert 'aria-label="Deltoid, left, 0 to 10"' in page


def test_what_the_record_has_is_taken_over_and_not_kept_unseen(web, doctor, patient, at) -> None:
    for day, activity, ck in (("2026-01-12", 6, 900), ("2026-06-15", 2, 180)):
        held = open_visit(by=doctor, patient=patient, details={"held_on": day, "kind": "planned"})
        result = {"test": "creatine_kinase", "value": ck, "unit": "U/L", "high": 190, "sampled_on": day}
        sayings = [
            Saying(noun="activity", data={"state": "active", "physician_global": activity}),
            Saying(noun="laboratory_result", data=result),
        ]
        record_entries(by=doctor, patient=patient, visit=held, sayings=sayings)
    sent = {"scored_on": "15 Jun 2026", "earlier_visit": "2026-01-12", "take": "1"}
    page = text_of(web.post(at("tis-2016"), sent))
    assert "3 answers of the later visit" in page
    for name, value in (
        ("baseline.physician_global", 6),
        ("followup.physician_global", 2),
        ("baseline.enzymes.ck.value", 900),
    ):
        assert re.search(rf'name="{re.escape(name)}" value="{value}"', page), name
    assert facts(doctor, patient) == []


def test_calcium_is_taken_with_its_range_and_another_unit_is_not(web, doctor, patient, at) -> None:
    sampled = {"sampled_on": "2026-06-15"}
    sayings = [
        Saying(
            noun="laboratory_result",
            data={"test": "calcium", "value": 9.4, "unit": "mg/dL", "low": 8.6, "high": 10.4} | sampled,
        ),
        Saying(noun="laboratory_result", data={"test": "phosphate", "value": 1.2, "unit": "mmol/L"} | sampled),
    ]
    record_entries(by=doctor, patient=patient, sayings=sayings)
    page = text_of(web.post(at("calcium-phosphate"), {"scored_on": "20 Jun 2026", "take": "1"}))
    assert 'name="calcium_mg_dl" value="9.4"' in page
    assert 'name="ranges.calcium.high" value="10.4"' in page
    assert 'name="phosphate_mg_dl" value=""' in page
    assert 'name="age_years" value="12"' in page
    old = text_of(web.post(at("calcium-phosphate"), {"scored_on": "20 Oct 2026", "take": "1"}))
    assert 'name="calcium_mg_dl" value=""' in old
