"""What differs between two pieces of advice for the same patient: after a change of knowledge, or of what is known."""

from __future__ import annotations

from dataclasses import dataclass

from calciscope.terms.advice import Advice, Card, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One therapy, or the patient (``therapy`` None), with what it was and what it is; rules by id, lines None if not listed."""

    therapy: str | None
    line_before: Line | None = None
    line_after: Line | None = None
    stops_gone: tuple[str, ...] = ()
    stops_new: tuple[str, ...] = ()
    cautions_gone: tuple[str, ...] = ()
    cautions_new: tuple[str, ...] = ()


def differences(before: Advice, after: Advice) -> tuple[Difference, ...]:
    """Red flags and findings of the patient first, then therapies by name; nothing where both say the same."""
    found = [_of_patient(before, after), *_of_therapies(before, after)]
    return tuple(one for one in found if one is not None)


def _of_patient(before: Advice, after: Advice) -> Difference | None:
    flags, findings = _moved(before.red_flags, after.red_flags), _moved(before.findings, after.findings)
    if not any((*flags, *findings)):
        return None
    return Difference(
        therapy=None, stops_gone=flags[0], stops_new=flags[1], cautions_gone=findings[0], cautions_new=findings[1]
    )


def _of_therapies(before: Advice, after: Advice) -> list[Difference]:
    was = {one.therapy: one for one in before.options}
    now = {one.therapy: one for one in after.options}
    found = []
    for therapy in sorted(was.keys() | now.keys()):
        old, new = was.get(therapy), now.get(therapy)
        stops = _moved(old.stops if old else (), new.stops if new else ())
        cautions = _moved(old.cautions if old else (), new.cautions if new else ())
        lines = (old.line if old else None, new.line if new else None)
        if lines[0] is not lines[1] or any((*stops, *cautions)):
            found.append(
                Difference(
                    therapy=therapy,
                    line_before=lines[0],
                    line_after=lines[1],
                    stops_gone=stops[0],
                    stops_new=stops[1],
                    cautions_gone=cautions[0],
                    cautions_new=cautions[1],
                )
            )
    return found


def _moved(before: tuple[Card, ...], after: tuple[Card, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(rules that no longer speak, rules that newly do), by id."""
    was, now = {card.rule for card in before}, {card.rule for card in after}
    return tuple(sorted(was - now)), tuple(sorted(now - was))
