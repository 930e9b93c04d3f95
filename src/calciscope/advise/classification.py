"""What a picture answers of the EULAR/ACR 2017 criteria; the instrument itself scores them."""

from __future__ import annotations

from datetime import date

from calciscope.advise.facts.blood import above_limit
from calciscope.advise.facts.fact import any_of
from calciscope.advise.facts.person import DAYS_A_YEAR
from calciscope.advise.facts.table import Facts
from calciscope.advise.index import index
from calciscope.knowledge import Knowledge
from calciscope.terms.picture import PatientPicture

INSTRUMENT = "eular-acr-2017"
SIGNS = {
    "heliotrope": "heliotrope_rash",
    "gottron_papules": "gottron_papules",
    "gottron_sign": "gottron_sign",
    "dysphagia": "dysphagia",
    "anti_jo1": "antibody_jo1",
}
ENZYMES = ("ck", "ldh", "ast", "alt")


def classification_answers(picture: PatientPicture, knowledge: Knowledge) -> dict[str, object]:
    """Answers to the instrument; None where the picture does not say. Weakness by muscle group is not in a picture."""
    facts = Facts(picture, knowledge.vocabulary, index(knowledge).classes)
    answers: dict[str, object] = {item: facts.holds(fact) for item, fact in SIGNS.items()}
    answers["age_at_onset"] = _age(picture.patient.born, picture.diagnosis.onset)
    answers["enzymes_raised"] = any_of([above_limit(facts, enzyme) for enzyme in ENZYMES])
    return answers


def _age(born: date | None, onset: date | None) -> int | None:
    return None if born is None or onset is None or onset < born else int((onset - born).days / DAYS_A_YEAR)
