"""Which situations of the published order of thought this patient is in, and at which deposits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from calciscope.advise.facts.at_deposits import DIGITAL
from calciscope.advise.facts.fact import any_of
from calciscope.advise.facts.table import Facts
from calciscope.knowledge.model import Situation
from calciscope.terms.deposits import Layer
from calciscope.terms.picture import DepositForm, DepositState, SeenDeposit

SMALL_BELOW_MM = 15.0
"""Below it a nodule or plaque counts as small (judgement: no review that orders treatments by size gives a number)."""
TARGET_MONTHS = 12.0
"""Inactive disease is aimed for within a year of starting treatment (treat to target, 2025; seen)."""
ESCALATE_MONTHS = 3.0
"""Disease still active after this time on a steroid-sparing drug counts as refractory (SHARE, about 12 weeks; memory)."""

SUPERFICIAL = frozenset({Layer.CUTANEOUS, Layer.SUBCUTANEOUS})
DISCRETE = frozenset({DepositForm.NODULE, DepositForm.PLAQUE})
SHEETS = frozenset({DepositForm.SHEET, DepositForm.RETICULAR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Whether a situation is met (None: not known), and by which deposits."""

    holds: bool | None
    deposits: tuple[int, ...] = ()


def situations(facts: Facts) -> dict[Situation, Met]:
    """Every situation of this patient."""
    deposits = facts.picture.deposits
    met = {one: _of_deposits(deposits, asked) for one, asked in OF_ONE_DEPOSIT.items()}
    active = facts.holds("active_disease")
    child = facts.holds("child")
    met |= {
        Situation.ALWAYS: Met(holds=True),
        Situation.ACTIVE_DISEASE: Met(holds=active),
        Situation.ACTIVITY_UNKNOWN: Met(holds=active is None),
        Situation.QUIET_DISEASE: Met(holds=None if active is None else not active),
        Situation.NOT_INACTIVE_AFTER_A_YEAR: Met(holds=_late(facts, active, TARGET_MONTHS)),
        Situation.REFRACTORY: Met(holds=_refractory(facts, active)),
        Situation.CHILD: Met(holds=child),
        Situation.ADULT: Met(holds=None if child is None else not child),
        Situation.NO_DEPOSITS: Met(holds=None if deposits is None else not deposits),
    }
    met[Situation.NOTHING_TO_TREAT] = Met(holds=_nothing_to_treat(met))
    return met


def _late(facts: Facts, active: bool | None, months: float) -> bool | None:
    since = facts["months_since_treatment_start"].value
    if active is False:
        return False
    return None if active is None or since is None else since > months


def _refractory(facts: Facts, active: bool | None) -> bool | None:
    entries = facts.taken("steroid_sparing")
    late = _late(facts, active, ESCALATE_MONTHS)
    if late is False or entries == ():
        return False
    return None if entries is None else late


def _nothing_to_treat(met: dict[Situation, Met]) -> bool | None:
    """Quiet disease, and deposits that are neither inflamed, growing, open, liquid nor troublesome."""
    troubles = (
        Situation.ACTIVE_DISEASE, Situation.INFLAMED, Situation.PROGRESSING, Situation.ULCERATED, Situation.LIQUID,
        Situation.LIMITING_OR_PAINFUL,
    )  # fmt: skip
    trouble = any_of([met[one].holds for one in troubles])
    return None if trouble is None else not trouble


def _of_deposits(deposits: tuple[SeenDeposit, ...] | None, asked: Callable[[SeenDeposit], bool | None]) -> Met:
    if deposits is None:
        return Met(holds=None)
    answers = [asked(one) for one in deposits]
    return Met(holds=any_of(answers), deposits=tuple(index for index, answer in enumerate(answers) if answer))


def _in(*states: DepositState) -> Callable[[SeenDeposit], bool | None]:
    return lambda one: None if one.states is None else bool(one.states & set(states))


def _small_superficial(one: SeenDeposit) -> bool | None:
    if one.layer is not None and one.layer not in SUPERFICIAL | {Layer.UNKNOWN}:
        return False
    small = _small(one)
    superficial = None if one.layer in {None, Layer.UNKNOWN} else True
    return False if small is False else small and superficial


def _small(one: SeenDeposit) -> bool | None:
    if one.form is DepositForm.PUNCTATE:
        return True
    if one.form is not None and one.form not in DISCRETE:
        return False
    return None if one.form is None or one.longest_mm is None else one.longest_mm < SMALL_BELOW_MM


def _large_discrete(one: SeenDeposit) -> bool | None:
    if one.form is DepositForm.MASS:
        return True
    if one.form is not None and one.form not in DISCRETE:
        return False
    return None if one.form is None or one.longest_mm is None else one.longest_mm >= SMALL_BELOW_MM


def _diffuse(one: SeenDeposit) -> bool | None:
    if one.form in SHEETS:
        return True
    if one.form is DepositForm.LINEAR:
        return None if one.layer in {None, Layer.UNKNOWN} else one.layer is Layer.FASCIAL
    return None if one.form is None else False


def _troublesome(one: SeenDeposit) -> bool | None:
    stated = _in(DepositState.LIMITING_JOINT, DepositState.PAINFUL)(one)
    return any_of([stated, one.symptomatic])


OF_ONE_DEPOSIT: dict[Situation, Callable[[SeenDeposit], bool | None]] = {
    Situation.PROGRESSING: _in(DepositState.GROWING),
    Situation.INFLAMED: _in(DepositState.INFLAMED),
    Situation.ULCERATED: _in(DepositState.ULCERATED, DepositState.EXTRUDING),
    Situation.LIQUID: _in(DepositState.LIQUID),
    Situation.SMALL_SUPERFICIAL: _small_superficial,
    Situation.LARGE_DISCRETE: _large_discrete,
    Situation.DIFFUSE_SHEET: _diffuse,
    Situation.DIGITAL: lambda one: None if one.site is None else one.site in DIGITAL,
    Situation.LIMITING_OR_PAINFUL: _troublesome,
}
