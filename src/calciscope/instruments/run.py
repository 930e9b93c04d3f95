"""Answers in, score out: the one way through for every instrument."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from importlib import import_module

from calciscope.instruments.answers import Answers, checked
from calciscope.instruments.definition import Instrument, OutputKind, matching
from calciscope.instruments.plain import plain
from calciscope.instruments.scored import Scored
from calciscope.instruments.sums import computed, points
from calciscope.terms.errors import Refused
from calciscope.terms.scores import Reading, Score, Verification, weakest


def score(instrument: Instrument, given: Mapping[str, object]) -> Score:
    """What ``instrument`` says of the answers ``given``, as parsed from JSON (floats are read as the decimals they print).

    Raises Refused for an unknown key, a wrong type, a number out of range, answers that contradict each other, and for a
    slot, which cannot be scored.
    """
    if instrument.slot:
        raise Refused(f"{instrument.id} cannot be scored: {instrument.slot}")
    answers = checked(instrument, given)
    scored = _scored(instrument, answers)
    marks = _marks(instrument, scored)
    told = [name for name, value in scored.outputs.items() if value is not None and name in marks]
    return Score(
        instrument=instrument.id,
        title=instrument.title,
        outputs={name: plain(scored.outputs[name]) for name in _in_order(instrument, scored)},
        parts={name: plain(value) for name, value in scored.parts.items()},
        missing=answers.missing() if scored.missing is None else scored.missing,
        readings=_readings(instrument, scored),
        notes=scored.notes,
        cautions=instrument.cautions,
        source=instrument.source(),
        verification=weakest(marks[name] for name in told or marks),
        verification_of=marks,
        rights=f"{instrument.rights.status}: {instrument.rights.note}",
        answers={path: _echo(held) for path, held in answers.held.items() if held is not None},
    )


def _scored(instrument: Instrument, answers: Answers) -> Scored:
    """Sums first, then whatever the instrument's own score.py says."""
    outputs: dict[str, object] = {}
    parts: dict[str, object] = {}
    for output in instrument.outputs:
        if output.kind is OutputKind.SCORED:
            continue
        result = computed(output, answers)
        outputs[output.name] = result.value
        if result.range is not None:
            outputs[f"{output.name}_range"] = result.range
        for pattern in output.of:
            parts |= {path: points(answers, path) for path in matching(answers.items, pattern)}
    if not instrument.score_module:
        return Scored(outputs=outputs, parts=parts)
    own: Scored = import_module(instrument.score_module).score(instrument, answers)
    return Scored(
        outputs=outputs | own.outputs,
        parts=own.parts or parts,
        notes=own.notes,
        missing=own.missing,
        unused=own.unused,
    )


def _in_order(instrument: Instrument, scored: Scored) -> list[str]:
    """As the definition lists them, each with its range behind it; what else score.py says comes last."""
    order = {output.name: index for index, output in enumerate(instrument.outputs)}
    return sorted(scored.outputs, key=lambda name: (order.get(name.removesuffix("_range"), len(order)), len(name)))


def _marks(instrument: Instrument, scored: Scored) -> dict[str, Verification]:
    """Output -> mark of the weakest value that took part."""
    known = {value.id: value.verification for value in instrument.values}
    leaves = instrument.leaves()
    return {
        output.name: weakest(
            [leaves[path].verification for pattern in output.of for path in matching(leaves, pattern)]
            + [known[use] for use in output.uses if use not in scored.unused]
        )
        for output in instrument.outputs
    }


def _readings(instrument: Instrument, scored: Scored) -> tuple[Reading, ...]:
    """Bands that hold for every value the output can have."""
    found = []
    cites = {source.id: source.cite for source in instrument.sources}
    for band in instrument.bands:
        ends = scored.outputs.get(f"{band.output}_range") or (scored.outputs.get(band.output),) * 2
        if not isinstance(ends, tuple) or not all(isinstance(end, int | Fraction) for end in ends):
            continue
        above = band.at_least is None or ends[0] >= band.at_least
        below = band.at_most is None or ends[1] <= band.at_most
        if above and below:
            reading = Reading(of=band.output, says=band.says, source=cites[band.source], verification=band.verification)
            found.append(reading)
    return tuple(found)


def _echo(held: object) -> object:
    if isinstance(held, tuple):
        return [_echo(one) for one in held]
    if isinstance(held, Answers):
        return {path: _echo(one) for path, one in held.held.items()}
    return plain(held)
