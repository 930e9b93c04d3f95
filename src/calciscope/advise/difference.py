"""What differs between two pieces of advice for the same patient: after a change of knowledge, or of what is known."""

from __future__ import annotations

from collections.abc import Collection
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


def moved(was: Collection[str], now: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(rules that no longer speak, rules that newly do), by id."""
    return tuple(sorted(set(was) - set(now))), tuple(sorted(set(now) - set(was)))


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one drug: its line where it is an option, and the rules that speak."""

    line: Line | None = None
    stops: frozenset[str] = frozenset()
    cautions: frozenset[str] = frozenset()


def of_drug(drug: str, was: Said, now: Said) -> Difference | None:
    """What differs of one drug; None where nothing does."""
    if was == now:
        return None
    stops, cautions = moved(was.stops, now.stops), moved(was.cautions, now.cautions)
    return Difference(
        therapy=drug,
        line_before=was.line,
        line_after=now.line,
        stops_gone=stops[0],
        stops_new=stops[1],
        cautions_gone=cautions[0],
        cautions_new=cautions[1],
    )


def _of_patient(before: Advice, after: Advice) -> Difference | None:
    flags = moved(_rules(before.red_flags), _rules(after.red_flags))
    findings = moved(_rules(before.findings), _rules(after.findings))
    if not any((*flags, *findings)):
        return None
    return Difference(
        therapy=None, stops_gone=flags[0], stops_new=flags[1], cautions_gone=findings[0], cautions_new=findings[1]
    )


def _of_therapies(before: Advice, after: Advice) -> list[Difference | None]:
    was, now = _said(before), _said(after)
    return [of_drug(one, was.get(one, Said()), now.get(one, Said())) for one in sorted(was.keys() | now.keys())]


def _said(advice: Advice) -> dict[str, Said]:
    """Of every option, and of every drug that is taken and is none."""
    found = {
        one.therapy: Said(
            stops=_rules(one.stops), cautions=_rules((*one.cautions, *one.interactions)) - _rules(one.stops)
        )
        for one in advice.current
    }
    return found | {
        one.therapy: Said(line=one.line, stops=_rules(one.stops), cautions=_rules(one.cautions))
        for one in advice.options
    }


def _rules(cards: tuple[Card, ...]) -> frozenset[str]:
    return frozenset(card.rule for card in cards)
