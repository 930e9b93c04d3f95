"""The diagnostic assessment: what is done and missing, what findings speak for, what else it could be, what to test next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from calciscope.advise.facts.table import Facts
from calciscope.advise.safety import Checked
from calciscope.advise.truth import all_of, condition_verdict
from calciscope.knowledge import Knowledge
from calciscope.knowledge.model import Diagnosis, Investigation
from calciscope.terms.advice import Line
from calciscope.terms.assessment import Done, NextTest, Point, Standing, StepTaken, Support, Weighed
from calciscope.terms.picture import DiseaseType

NEXT_TESTS = 3
DERMATOMYOSITIS = frozenset({DiseaseType.DM, DiseaseType.ADM, DiseaseType.JDM, DiseaseType.JADM, DiseaseType.OVERLAP})
ORDER = [Standing.SUPPORTED, Standing.MIXED, Standing.OPEN, Standing.AGAINST]


def steps_taken(facts: Facts, knowledge: Knowledge) -> tuple[StepTaken, ...]:
    """Each diagnostic step with what is known and what is not."""
    found = []
    for step in sorted(knowledge.steps.values(), key=lambda one: one.order):
        known = [facts[name].told for name in step.facts if facts[name].value is not None]
        missing = [
            facts[name].ask or knowledge.vocabulary.facts[name].title
            for name in step.facts
            if facts[name].value is None
        ]
        done = Done.DONE if not missing else Done.PARTLY if known else Done.MISSING
        told = tuple(dict.fromkeys(text for text in known if text))
        found.append(
            StepTaken(step=step.id, title=step.title, done=done, known=told, missing=tuple(dict.fromkeys(missing)))
        )
    return tuple(found)


def weighed(facts: Facts, knowledge: Knowledge, *, subtypes: bool) -> tuple[Weighed, ...]:
    """Subtypes, or other diagnoses: what is urgent and has something for it first, then the best supported."""
    found = [_weigh(one, facts, knowledge) for one in knowledge.diagnoses.values() if one.subtype is subtypes]
    return tuple(sorted(found, key=lambda one: _rank(one, urgent=knowledge.diagnoses[one.diagnosis].urgent)))


def _rank(one: Weighed, *, urgent: bool) -> tuple[bool, int, int, str]:
    first = urgent and bool(one.speaks_for)
    return not first, ORDER.index(one.standing), -len(one.speaks_for), one.diagnosis


def _weigh(diagnosis: Diagnosis, facts: Facts, knowledge: Knowledge) -> Weighed:
    points: dict[bool, list[Point]] = {True: [], False: []}
    missing: list[str] = []
    for one in diagnosis.speaks:
        verdict = all_of([condition_verdict(each, facts) for each in one.when])
        if verdict.holds:
            source = knowledge.sources[one.source].cite
            points[one.for_it].append(
                Point(because=one.because, inputs=verdict.inputs, source=source, verification=one.verification)
            )
        elif verdict.holds is None:
            missing += verdict.asks
    return Weighed(
        diagnosis=diagnosis.id,
        title=diagnosis.title,
        standing=_standing(bool(points[True]), bool(points[False])),
        speaks_for=tuple(points[True]),
        speaks_against=tuple(points[False]),
        missing=tuple(dict.fromkeys(missing)),
    )


def _standing(speaks_for: bool, speaks_against: bool) -> Standing:
    if speaks_for:
        return Standing.MIXED if speaks_against else Standing.SUPPORTED
    return Standing.AGAINST if speaks_against else Standing.OPEN


def support(facts: Facts, subtypes: tuple[Weighed, ...]) -> tuple[Support, tuple[str, ...]]:
    """How well calcinosis cutis in dermatomyositis is supported, and why."""
    disease = facts.picture.diagnosis.type
    dystrophic = next((one for one in subtypes if one.diagnosis == "dystrophic"), None)
    because = []
    because.append(f"disease: {disease}" if disease else "the disease behind it is not recorded")
    deposits = facts.holds("deposits_present")
    because.append("deposits are recorded" if deposits else "no deposits are recorded")
    shown = [name for name in ("biopsy_shows_calcium", "imaging_shows_calcium") if facts.holds(name)]
    because += [facts[name].told for name in shown] or ["calcium is not shown by imaging or biopsy in this picture"]
    if dystrophic:
        because += [point.because for point in dystrophic.speaks_against]
    if disease not in DERMATOMYOSITIS or not deposits or (dystrophic and dystrophic.speaks_against):
        return Support.DOUBTFUL, tuple(because)
    normal = facts.holds("calcium_and_phosphate_normal")
    if normal is None:
        because.append("calcium and phosphate are not known to be normal")
    return (Support.WELL if shown and normal else Support.PARTLY), tuple(because)


def next_tests(
    facts: Facts,
    knowledge: Knowledge,
    checked: Mapping[str, Checked],
    lines: Mapping[str, Line],
) -> tuple[NextTest, ...]:
    """The tests that settle most for their burden: open stops of options that come up, and open diagnostic questions."""
    open_facts = _open_facts(facts, knowledge, checked, lines)
    ranked = []
    for one in knowledge.investigations.values():
        settled = [name for name in one.answers if open_facts[name]]
        if settled and all(condition_verdict(each, facts).holds for each in one.when):
            gain = sum(open_facts[name] for name in settled) / one.burden
            ranked.append((-gain, one.id, one, settled))
    ranked.sort(key=lambda item: item[:2])
    return tuple(_next_test(one, settled, knowledge) for _, _, one, settled in ranked[:NEXT_TESTS])


def _next_test(one: Investigation, settled: list[str], knowledge: Knowledge) -> NextTest:
    words = knowledge.vocabulary.facts
    return NextTest(
        test=one.id,
        title=one.title,
        because=one.because,
        settles=tuple(words[name].title for name in settled),
        source=knowledge.sources[one.source].cite,
        verification=one.verification,
    )


def _open_facts(
    facts: Facts, knowledge: Knowledge, checked: Mapping[str, Checked], lines: Mapping[str, Line]
) -> Counter[str]:
    """How many open questions wait for each fact that is not known."""
    open_facts: Counter[str] = Counter()
    asks: Counter[str] = Counter()
    for therapy, line in lines.items():
        if line is not Line.NOT_SUITED:
            asks.update(list(checked[therapy].waiting_stops))
    for diagnosis in knowledge.diagnoses.values():
        for one in diagnosis.speaks:
            asks.update(all_of([condition_verdict(each, facts) for each in one.when]).asks)
    for name in {name for one in knowledge.investigations.values() for name in one.answers}:
        fact = facts[name]
        if fact.value is None or fact.warns_only:
            open_facts[name] = 1 + asks[fact.ask or knowledge.vocabulary.facts[name].title]
    return open_facts
