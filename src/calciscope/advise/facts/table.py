"""All facts of one picture, each worked out when it is first asked for."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from calciscope.advise import facts as folder
from calciscope.advise.facts.allergies import known_allergies
from calciscope.advise.facts.fact import DERIVED, Derived, Fact, plain, spoken, unknown, yes_no
from calciscope.advise.facts.results import Results
from calciscope.knowledge.model import Vocabulary
from calciscope.knowledge.words import ALLERGY, antibody_fact, antibody_key
from calciscope.terms.picture import Medication, PatientPicture


class Facts:
    """Facts by name; ``results`` are the laboratory values as understood, ``allergies`` the recorded ones by id."""

    def __init__(self, picture: PatientPicture, vocabulary: Vocabulary, classes: dict[str, frozenset[str]]) -> None:
        """``classes`` maps every drug and class of drugs to the drugs it stands for."""
        self.picture = picture
        self.vocabulary = vocabulary
        self.results = Results(picture, vocabulary.analytes)
        self._classes = classes
        self.allergies, self.other_allergies = known_allergies(picture.allergies or (), vocabulary, classes)
        self._known: dict[str, Fact] = {}

    def __getitem__(self, name: str) -> Fact:
        """The fact; KeyError for a name that no vocabulary has."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def holds(self, name: str) -> bool | None:
        """A yes-or-no fact as such."""
        value = self[name].value
        return None if value is None else bool(value)

    def taken(self, drug: str) -> tuple[Medication, ...] | None:
        """The entries of a drug, or of a class of drugs; None where nobody asked what is taken."""
        if self.picture.medications is None:
            return None
        members = self._classes.get(drug, frozenset({drug}))
        return tuple(one for one in self.picture.medications if one.therapy in members)

    def takes(self, *drugs: str) -> Fact:
        """Whether one of the drugs, or of the classes, is taken."""
        found = [self.taken(drug) for drug in drugs]
        if None in found:
            return unknown("the list of drugs that are taken")
        named = sorted({one.therapy for entries in found for one in entries or ()})
        return yes_no(bool(named), f"takes {', '.join(self.title(one) for one in named)}")

    def title(self, drug: str) -> str:
        """A drug's name to be read."""
        further = self.vocabulary.comedications.get(drug)
        return further.title if further else drug.replace("_", " ")

    def _find(self, name: str) -> Fact:
        words = self.vocabulary
        if name in _derived():
            return _derived()[name](self)
        if name in words.conditions:
            return self._condition(name)
        if name in words.analytes:
            return self._result(name)
        if name.startswith(ALLERGY):
            return self._allergy(name.removeprefix(ALLERGY))
        return self._antibody(name)

    def _condition(self, name: str) -> Fact:
        title, picture = self.vocabulary.conditions[name], self.picture
        if name in picture.conditions:
            return yes_no(True, title)
        return yes_no(False, f"no {title}") if name in picture.conditions_absent else unknown()

    def _allergy(self, name: str) -> Fact:
        if self.picture.allergies is None:
            return unknown("allergies")
        told = f"allergy to {self.vocabulary.allergies[name]}"
        return yes_no(True, told) if name in self.allergies else yes_no(False, f"no {told}")

    def _antibody(self, name: str) -> Fact:
        tested = self.picture.diagnosis.antibodies
        if tested is None:
            return unknown("myositis antibodies")
        found = next(one for one in self.vocabulary.antibodies if antibody_fact(one) == name)
        known = {self.vocabulary.antibody_names.get(antibody_key(one)) for one in tested}
        title = self.vocabulary.antibodies[found]
        return yes_no(True, title) if found in known else yes_no(False, f"no {title}")

    def _result(self, name: str) -> Fact:
        found, analyte = self.results.newest(name), self.vocabulary.analytes[name]
        if found is None:
            return unknown()
        limits = self._limits(name)
        when = spoken(found.day) if found.day else "undated"
        return Fact(
            value=found.value,
            told=f"{analyte.title} {plain(found.value)} {analyte.unit} ({when})",
            low=found.low if found.low is not None else limits[0],
            high=found.high if found.high is not None else limits[1],
            warns_only=found.warns_only,
            ask=f"{analyte.title} again ({found.warns_only})" if found.warns_only else "",
        )

    def _limits(self, name: str) -> tuple[float | None, float | None]:
        """Limits for adults, where the laboratory gave none; none for a child or an unknown age."""
        analyte = self.vocabulary.analytes[name]
        return (analyte.adult_low, analyte.adult_high) if self.holds("child") is False else (None, None)


@cache
def _derived() -> dict[str, Derived]:
    """Every derived fact, found by walking this folder."""
    for module in pkgutil.iter_modules(folder.__path__):
        importlib.import_module(f"{folder.__name__}.{module.name}")
    return DERIVED
