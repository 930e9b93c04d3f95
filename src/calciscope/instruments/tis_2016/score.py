"""Points for the improvement of six core measures; with values missing, between which limits the total must lie.

Each measure's points rise with its improvement, so the least and the greatest total follow from the ends of what each
missing value can be. The enzyme is picked at baseline and kept, so a better follow-up never scores less.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from calciscope.instruments.answers import Answers
from calciscope.instruments.definition import Data, Instrument
from calciscope.instruments.scored import Scored
from calciscope.instruments.tis_2016.change import Change, Part, change, points_of, widest
from calciscope.instruments.tis_2016.enzyme import enzyme_change
from calciscope.terms.errors import Refused

VISITS = ("baseline", "followup")
RESPONSES = ("none", "minimal", "moderate", "major")
MMT8_SCALES = (80, 150)  # eight groups on one side; neck and seven groups on both
JUVENILE_ONLY = ("cmas", "das", "chq_phs")


def score(instrument: Instrument, answers: Answers) -> Scored:
    """Total, response and the points of each measure."""
    points = _lists(instrument.data("points"))
    steps = _lists(instrument.data("steps"))
    parts = {
        "physician_global": _plain("physician_global", instrument, answers),
        "patient_global": _plain("patient_global", instrument, answers),
        "strength": _strength(instrument, answers),
        "haq": _plain("haq", instrument, answers),
        "enzyme": _enzyme(instrument, answers),
        "extramuscular": _plain(_picked(answers, "extramuscular_global", "das"), instrument, answers),
    }
    ranges = {
        name: _points(part, steps["strength" if name == "strength" else "others"], points[name])
        for name, part in parts.items()
    }
    low, high = sum(low for low, _ in ranges.values()), sum(high for _, high in ranges.values())
    responses = _responses(instrument, answers, low, high)
    measured = {part.measure: ranges[name] for name, part in parts.items()}
    return Scored(
        outputs={
            "score": Fraction(low, 10),
            "score_range": (Fraction(low, 10), Fraction(high, 10)),
            "response": responses[0] if responses[0] == responses[1] else None,
            "response_range": responses,
            "changes_percent": {part.measure: _told(part.change) for part in parts.values()},
        },
        parts={name: Fraction(low, 10) if low == high else None for name, (low, high) in measured.items()},
        notes=_notes(answers, parts["enzyme"]),
        missing=_missing(answers, parts),
        unused=frozenset() if parts["enzyme"].measure == "enzymes" else frozenset({"enzyme_scales", "worst_enzyme"}),
    )


def _plain(measure: str, instrument: Instrument, answers: Answers) -> Part:
    """A measure of fixed scale, lower is better."""
    held = [answers.number(f"{visit}.{measure}") for visit in VISITS]
    scale = _numbers(instrument.data("scales"))[measure]
    return Part(
        measure=measure,
        change=change(*held, scale=scale),
        missing=tuple(f"{visit}.{measure}" for visit, one in zip(VISITS, held, strict=True) if one is None),
    )


def _picked(answers: Answers, first: str, second: str) -> str:
    """Which of two alternatives is scored: one known at both visits, else one known at all, the first where equal."""
    known = {name: sum(answers.number(f"{visit}.{name}") is not None for visit in VISITS) for name in (first, second)}
    return second if known[second] > known[first] else first


def _strength(instrument: Instrument, answers: Answers) -> Part:
    measure = _picked(answers, "mmt8", "cmas")
    paths = [f"{visit}.{measure}" for visit in VISITS]
    held = [answers.number(path) for path in paths]
    missing = [path for path, one in zip(paths, held, strict=True) if one is None]
    if measure == "cmas":
        scales = [_numbers(instrument.data("scales"))["cmas"]]
    else:
        scales = [Fraction(scale) for scale in _mmt8_scales(answers, held)]
        missing += ["baseline.mmt8_max"] if len(scales) > 1 and not missing else []
    moved = widest([change(*held, scale=scale, higher_is_better=True) for scale in scales])
    return Part(measure=measure, change=moved, missing=tuple(missing))


def _mmt8_scales(answers: Answers, held: list[Fraction | None]) -> list[int]:
    """The scale the two visits share, or both that are possible. Raises Refused when they cannot be compared."""
    named = {scale for visit in VISITS if (scale := answers.number(f"{visit}.mmt8_max")) is not None}
    if any(scale not in MMT8_SCALES for scale in named):
        raise Refused("mmt8_max must be 80 (one side) or 150 (both sides).")
    if len(named) > 1:
        raise Refused("mmt8_max is 80 at one visit and 150 at the other; score both visits on the same side or sides.")
    most = max((one for one in held if one is not None), default=Fraction(0))
    possible = [scale for scale in MMT8_SCALES if most <= scale and scale in (named or MMT8_SCALES)]
    if not possible:
        raise Refused(f"mmt8 is {float(most):g}, more than its mmt8_max of 80.")
    return possible


def _enzyme(instrument: Instrument, answers: Answers) -> Part:
    """The most abnormal enzyme, or the physical summary score of the CHQ where that alone is known."""
    values = [answers.number(f"{visit}.chq_phs") for visit in VISITS]
    found = enzyme_change(answers, _numbers(instrument.data("enzyme_scales")))
    if found.change is not None or all(value is None for value in values):
        return found
    missing = tuple(f"{visit}.chq_phs" for visit, one in zip(VISITS, values, strict=True) if one is None)
    earlier, later = values
    if earlier is not None and later is not None and later <= earlier:
        return Part(measure="chq_phs", change=Change(least=Fraction(0), greatest=Fraction(0)))
    return Part(measure="chq_phs", missing=missing)


def _points(part: Part, steps: list[int], points: list[int]) -> tuple[int, int]:
    return (points[0], points[-1]) if part.change is None else points_of(part.change, steps, points)


def _responses(instrument: Instrument, answers: Answers, low: int, high: int) -> tuple[str, str]:
    thresholds = _lists(instrument.data("thresholds"))
    population = answers.word("population")
    reached = [
        sum(end >= least for least in thresholds[name])
        for name in thresholds
        if population in (None, name)
        for end in (low, high)
    ]
    return RESPONSES[min(reached)], RESPONSES[max(reached)]


def _missing(answers: Answers, parts: Mapping[str, Part]) -> tuple[str, ...]:
    """What is not assessed of the measures used; of alternatives only the one that was used."""
    population = () if answers.word("population") else ("population",)
    return (*population, *(path for part in parts.values() for path in part.missing))


def _notes(answers: Answers, enzyme: Part) -> tuple[str, ...]:
    notes = []
    juvenile = [
        name for name in JUVENILE_ONLY if any(answers.number(f"{visit}.{name}") is not None for visit in VISITS)
    ]
    if juvenile and answers.word("population") == "adult":
        notes.append(
            f"{', '.join(juvenile)} belongs to the juvenile core set; the adult criteria were made without it."
        )
    if enzyme.measure == "chq_phs" and enzyme.change is None:
        notes.append(
            "Over which scale a better CHQ physical summary score counts is not known to us: all its points are left open."
        )
    if enzyme.measure == "enzymes" and enzyme.change is not None:
        notes.append("The length of an enzyme's scale (multiples of its upper limit) was not found in print by us.")
    return tuple(notes)


def _told(moved: Change | None) -> tuple[Fraction, Fraction] | Fraction | None:
    if moved is None:
        return None
    return moved.least if moved.least == moved.greatest else (moved.least, moved.greatest)


def _lists(data: Data) -> dict[str, list[int]]:
    assert isinstance(data, Mapping)
    return {
        name: [int(one) for one in held if isinstance(one, Fraction)]
        for name, held in data.items()
        if isinstance(held, tuple)
    }


def _numbers(data: Data) -> dict[str, Fraction]:
    assert isinstance(data, Mapping)
    return {name: held for name, held in data.items() if isinstance(held, Fraction)}
