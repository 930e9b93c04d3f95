"""What every rule, therapy and source of calciscope.knowledge obeys, asked of each file."""

from __future__ import annotations

import re
from datetime import date

import pytest

from calciscope.advise.facts.fact import Fact
from calciscope.advise.facts.table import Facts, _derived
from calciscope.advise.index import index
from calciscope.advise.safety import Gate
from calciscope.advise.truth import weigh
from calciscope.knowledge import knowledge
from calciscope.knowledge.load import SHIPPED
from calciscope.knowledge.model import Level, Rule
from calciscope.terms.picture import Medication, PatientPicture
from calciscope.terms.scores import Verification

KNOWN = knowledge()
RULES = list(KNOWN.rules.values())
WITH_CONDITION = [rule for rule in RULES if rule.when]
PAIRED = [rule for rule in RULES if rule.partner]
AS_OF = date(2026, 11, 23)
PROMISED = """observation prednisone methylprednisolone_iv methotrexate azathioprine mycophenolate ciclosporin tacrolimus
hydroxychloroquine cyclophosphamide ivig rituximab infliximab adalimumab etanercept abatacept tofacitinib ruxolitinib baricitinib
brepocitinib anifrolumab dazukibart car_t thalidomide lenalidomide apremilast diltiazem pamidronate alendronate zoledronate risedronate
colchicine probenecid aluminium_hydroxide minocycline ceftriaxone warfarin thiosulfate_topical thiosulfate_intralesional thiosulfate_iv
topical_corticosteroid topical_tacrolimus calcipotriol intralesional_corticosteroid snf472 inz701 excision curettage
debridement_grafting co2_laser shock_wave aspiration wound_care sun_protection physiotherapy analgesia psychological_support""".split()
PROMISED_CONDITIONS = """dysphagia oesophageal_abnormality fever active_infection tuberculosis_latent hepatitis_b hepatitis_c liver_disease
alcohol_excess blood_dyscrasia immunodeficiency interstitial_lung_disease heart_failure av_block bradycardia hypotension
venous_thromboembolism cardiovascular_disease malignancy diabetes osteoporosis peptic_ulcer urate_stones g6pd_deficiency lupus
hypocalcaemia dental_procedure_due livedo_necrosis wheelchair_bound""".split()


class Told(Facts):
    """Facts that are given outright; every other one is not known."""

    def __init__(self, given: dict[str, bool | float | str], medications: tuple[Medication, ...] = ()) -> None:
        super().__init__(PatientPicture(as_of=AS_OF, medications=medications), KNOWN.vocabulary, index(KNOWN).classes)
        self._given = given

    def __getitem__(self, name: str) -> Fact:
        if name not in self._given:
            return Fact(value=None)
        limits = {one: self._given.get(f"{name}_{one}") for one in ("low", "high")}
        return Fact(value=float(self._given[name]), told=name, **limits)


@pytest.mark.parametrize("rule", WITH_CONDITION, ids=lambda rule: rule.id)
def test_rule_fires_in_its_example_and_stays_silent_in_the_other(rule: Rule) -> None:
    assert weigh(rule, Told(rule.fires)).holds is True
    assert weigh(rule, Told(rule.silent)).holds is not True


@pytest.mark.parametrize("rule", WITH_CONDITION, ids=lambda rule: rule.id)
def test_rule_asks_while_nothing_is_known(rule: Rule) -> None:
    verdict = weigh(rule, Told({}))
    assert verdict.holds is None
    assert verdict.asks


@pytest.mark.parametrize("rule", PAIRED, ids=lambda rule: rule.id)
def test_an_interaction_is_seen_from_both_sides(rule: Rule) -> None:
    assert rule.partner is not None
    for own in sorted(rule.therapies):
        other = min(rule.partner.therapies - {own})
        indication = rule.partner.indication or None
        taken = Medication(therapy=other, indication=indication)
        gate = Gate(Told(rule.fires, (taken,)), KNOWN, index(KNOWN))
        assert rule.id in {card.rule for card in gate.check(own).interactions}
        both = (taken, Medication(therapy=own))
        gate = Gate(Told(rule.fires, both), KNOWN, index(KNOWN))
        assert rule.id in {card.rule for card in gate.check(other).interactions}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_is_well_told(rule: Rule) -> None:
    source = KNOWN.sources[rule.source]
    assert rule.because[0].isupper()
    assert rule.because.endswith(".")
    assert not re.search(r"\b(start|must take|prescribe)\b", rule.because, re.I)
    looked_up = rule.verification in {Verification.SEEN, Verification.SECONDARY}
    assert looked_up == (source.kind not in {"judgement", "not looked up"}) or rule.verification is Verification.MEMORY


def test_all_promised_therapies_and_conditions_are_there() -> None:
    assert set(PROMISED) <= set(KNOWN.therapies)
    assert set(PROMISED_CONDITIONS) <= set(KNOWN.vocabulary.conditions)
    assert {"cotrimoxazole", "clarithromycin", "allopurinol", "statin", "nsaid"} <= set(KNOWN.vocabulary.comedications)


def test_every_derived_fact_has_a_function_and_every_function_a_word() -> None:
    words = KNOWN.vocabulary
    rest = set(words.facts) - set(words.conditions) - set(words.analytes)
    assert {one for one in rest if not one.startswith(("allergy_", "antibody_"))} == set(_derived())


@pytest.mark.parametrize("therapy", KNOWN.therapies.values(), ids=lambda therapy: therapy.id)
def test_therapy_is_well_told(therapy) -> None:
    assert therapy.reviewed_by == "nobody yet"
    assert therapy.checked <= AS_OF
    texts = [place.why for place in therapy.places] + [therapy.not_offered_because]
    assert not [text for text in texts if re.search(r"\bstart\b", text, re.I)]
    for row in therapy.evidence:
        if "%" in row.outcome:
            assert row.n is not None or "review" in row.design, row
        assert row.level
        assert row.population


def test_every_source_is_cited_somewhere_and_every_file_is_loaded() -> None:
    for folder, held in (("evidence", KNOWN.sources), ("therapies", KNOWN.therapies), ("rules", KNOWN.rules)):
        assert {path.stem for path in (SHIPPED / folder).glob("*.toml")} == set(held)


def test_most_rules_speak_of_something_that_can_be_recorded() -> None:
    """A stop that no picture can ever meet would be decoration: each is reached by its own example."""
    stops = [rule for rule in RULES if rule.level is Level.STOP]
    assert all(rule.when or rule.partner or rule.own_allergy for rule in stops)
