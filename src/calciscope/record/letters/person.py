"""Who the patient is, and what the disease is."""

from __future__ import annotations

from datetime import date

from calciscope.record.banner import Banner
from calciscope.record.fact import Fact
from calciscope.record.fields import YesNo
from calciscope.record.in_words.fact_words import said
from calciscope.record.in_words.phrases import phrase
from calciscope.record.letters.state import day_of
from calciscope.record.noun import noun
from calciscope.record.picture.held import Held
from calciscope.record.vocabulary import words
from calciscope.record.written_days import written
from calciscope.terms.letter_facts import Reader, Who

SPOKEN_TO_YEARS = 12  # judgement: from here on letters about young people speak to them (usual in paediatric clinics)
OF_AGE_YEARS = 18
NONE_FOUND = "none_found"  # a panel without a finding is an answer of its own
IN_MONTHS_BELOW = 36  # months: small children's age is told in months
DISEASE = (
    ("type", "Diagnosis"),
    ("onset_on", "First symptom"),
    ("diagnosed_on", "Diagnosed"),
    ("treated_on", "First treated"),
    ("calcinosis_on", "First calcinosis"),
    ("calcinosis_subtype", "Subtype of calcinosis"),
)


def who(banner: Banner, today: date) -> Who:
    """From the banner; the age of the day of the letter."""
    months = _months(banner.born_on, today)
    years = None if months is None else months // 12
    age = "" if months is None else f"{months} months" if months < IN_MONTHS_BELOW else f"{years} years"
    return Who(
        family_name=banner.family_name,
        given_name=banner.given_name,
        born=written(banner.born_on.isoformat()) if banner.born_on else "",
        age=age,
        numbers=", ".join(banner.numbers),
        reader=_reader(years),
        synthetic=banner.synthetic,
    )


def disease(held: Held) -> tuple[tuple[str, str], ...]:
    """The diagnosis and its dates; what was not recorded has no words."""
    fact = held.newest("diagnosis")
    rows = [(label, _field(fact, name)) for name, label in DISEASE]
    remark = _field(fact, "remark")
    watch = held.newest("risk_watch")
    watched = "; ".join(part for part in (_field(watch, "reasons"), _field(watch, "remark")) if part)
    rows += [("Remark", remark)] if remark else []
    rows += [("Watched for deposits because of", watched)] if watched else []
    return tuple(rows)


def antibodies(held: Held) -> tuple[str, ...]:
    """The newest result of each antibody, such as "NXP2 positive (line blot, 12 Mar 2024)"."""
    names = words("antibodies")
    newest = {str(fact.data["antibody"]): fact for fact in held.all("antibody")}
    return tuple(
        f"{names.get(code, code)} {_antibody(fact)}" for code, fact in newest.items() if code != NONE_FOUND
    ) + tuple(f"{names[NONE_FOUND]} ({_method(fact)})" for code, fact in newest.items() if code == NONE_FOUND)


def person(held: Held) -> tuple[tuple[str, str], ...]:
    """Sex, height, weight and pregnancy, each with its day; what was not recorded has no words."""
    sex = _field(held.newest("characteristics"), "sex")
    rows = [("Sex", sex)]
    for name, label in (("height_cm", "Height"), ("weight_kg", "Weight")):
        sized = held.newest_with("body_size", name)
        rows.append((label, f"{_field(sized, name)} ({day_of(sized)})" if sized else ""))
    for field in noun("reproduction").fields:
        answered = held.newest_with("reproduction", field.name) if isinstance(field, YesNo) else None
        rows += [(field.label, f"{_field(answered, field.name)} ({day_of(answered)})")] if answered else []
    return tuple(rows)


def history(held: Held) -> tuple[str, ...]:
    """Every topic that was answered."""
    return tuple(phrase(fact) for fact in held.all("history_item"))


def _antibody(fact: Fact) -> str:
    raw = " ".join(part for part in (_field(fact, "value"), _field(fact, "unit")) if part)
    return (
        f"{_field(fact, 'result')} ({', '.join(part for part in (raw, _field(fact, 'titre'), _method(fact)) if part)})"
    )


def _method(fact: Fact) -> str:
    return ", ".join(part for part in (_field(fact, name) for name in ("method", "sampled_on")) if part)


def _field(fact: Fact | None, name: str) -> str:
    field = noun(fact.noun).field(name) if fact else None
    return said(field, fact.data.get(name)) if fact and field else ""


def _months(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)


def _reader(years: int | None) -> Reader:
    if years is None or years >= OF_AGE_YEARS:
        return Reader.ADULT
    return Reader.YOUNG if years >= SPOKEN_TO_YEARS else Reader.CHILD
