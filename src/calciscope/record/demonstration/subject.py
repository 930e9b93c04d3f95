"""An invented person: who, since when ill, with which antibody, treated how late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from calciscope.record.demonstration.chance import between, one_of, parameters, stream

YEAR_DAYS = 365.25
MONTH_DAYS = 30.44
GIVEN = {
    "female": ("Ada", "Bea", "Cleo", "Dina", "Elif", "Fen", "Greta", "Hana", "Ines", "Jada", "Kira", "Lea"),
    "male": ("Abel", "Ben", "Cem", "Dov", "Emil", "Finn", "Goran", "Hugo", "Ivo", "Jan", "Kofi", "Leo"),
}
FAMILY = "Invented"  # nobody is called so, and a list of them is seen to be what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One invented person."""

    number: int
    given_name: str
    family_name: str
    sex: str
    juvenile: bool
    born_on: date
    onset_on: date
    treated_on: date
    until: date
    antibody: str

    @property
    def delay_years(self) -> float:
        """From the first symptom to the first treatment."""
        return (self.treated_on - self.onset_on).days / YEAR_DAYS


def make_subject(seed: int, number: int, as_of: date) -> Subject:
    """The person of that number."""
    rng = stream(seed, number, "subject")
    start = parameters()["start"]
    juvenile = rng.random() < start["juvenile_share"]
    sex = "female" if rng.random() < start["female_share"] else "male"
    followed = between(rng, start["years_followed"]) * YEAR_DAYS
    treated = as_of - timedelta(days=round(followed))
    delay = start["delay_median_months"] * rng.lognormvariate(0.0, start["delay_spread"])
    onset = treated - timedelta(days=round(delay * MONTH_DAYS))
    age = between(rng, start["juvenile_onset_years" if juvenile else "adult_onset_years"])
    return Subject(
        number=number,
        given_name=rng.choice(GIVEN[sex]),
        family_name=f"{FAMILY}-{number:05d}",
        sex=sex,
        juvenile=juvenile,
        born_on=onset - timedelta(days=round(age * YEAR_DAYS)),
        onset_on=onset,
        treated_on=treated,
        until=as_of,
        antibody=one_of(rng, parameters()["antibodies"]),
    )
