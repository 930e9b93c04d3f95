"""What is going on at the deposits, infection first: confirmed, suspected, excluded, or not yet looked into."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from calciscope.advise.facts.fact import Fact, any_of, derived, unknown, yes_no
from calciscope.advise.facts.table import Facts
from calciscope.terms.deposits import Region
from calciscope.terms.picture import DepositForm, DepositState, SeenDeposit

DIGITAL = frozenset({Region.HAND, Region.FINGER, Region.FOOT, Region.TOE})
COULD_BE_INFECTED = frozenset(
    {DepositState.INFLAMED, DepositState.ULCERATED, DepositState.LIQUID, DepositState.EXTRUDING}
)


class Infection(StrEnum):
    """Whether a deposit is infected; the worse word wins."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    EXCLUDED = "excluded"
    POSSIBLE = "possible"  # inflamed, open or liquid, and nobody has looked
    NONE = "none"


def infection(deposit: SeenDeposit) -> Infection | None:
    """None where the state of the deposit is not known."""
    states = deposit.states
    if states is None:
        return None
    if DepositState.INFECTION_CONFIRMED in states:
        return Infection.CONFIRMED
    if DepositState.INFECTION_SUSPECTED in states:
        return Infection.SUSPECTED
    if DepositState.INFECTION_EXCLUDED in states:
        return Infection.EXCLUDED
    return Infection.POSSIBLE if states & COULD_BE_INFECTED else Infection.NONE


def where(deposit: SeenDeposit, index: int) -> str:
    """A deposit's place in words."""
    side = f"{deposit.side} " if deposit.side else ""
    site = f"{side}{deposit.site.replace('_', ' ')}" if deposit.site else ""
    told = ", ".join(part for part in (site, "known from a scan alone" if deposit.from_imaging else "") if part)
    return f"deposit {index}" + (f" ({told})" if told else "")


@derived
def deposits_present(facts: Facts) -> Fact:
    """Any deposit at all."""
    deposits = facts.picture.deposits
    return (
        unknown("whether there are deposits")
        if deposits is None
        else yes_no(bool(deposits), f"{len(deposits)} deposit" + "s" * (len(deposits) != 1))
    )


@derived
def deposit_infection_confirmed(facts: Facts) -> Fact:
    """Confirmed by culture or plain signs."""
    return _infected(facts, Infection.CONFIRMED)


@derived
def deposit_infection_suspected(facts: Facts) -> Fact:
    """Suspected, and neither confirmed nor excluded."""
    return _infected(facts, Infection.SUSPECTED)


@derived
def deposit_infection_possible(facts: Facts) -> Fact:
    """Suspected, or inflamed, open or liquid and not looked into."""
    return _any(
        facts,
        lambda one: None if infection(one) is None else infection(one) in {Infection.SUSPECTED, Infection.POSSIBLE},
        "infection not excluded",
    )


@derived
def deposit_liquid(facts: Facts) -> Fact:
    """Milk of calcium."""
    return _in_state(facts, DepositState.LIQUID)


@derived
def deposit_ulcerated(facts: Facts) -> Fact:
    """Open skin over a deposit."""
    return _in_state(facts, DepositState.ULCERATED, DepositState.EXTRUDING)


@derived
def deposit_inflamed(facts: Facts) -> Fact:
    """Red, warm or tender."""
    return _in_state(facts, DepositState.INFLAMED)


@derived
def deposit_growing(facts: Facts) -> Fact:
    """Growing."""
    return _in_state(facts, DepositState.GROWING)


@derived
def deposit_single_growing_mass(facts: Facts) -> Fact:
    """One mass alone that grows: it need not be calcinosis."""
    deposits = facts.picture.deposits
    if deposits is None or len(deposits) != 1:
        return unknown() if deposits is None else yes_no(False)
    only = deposits[0]
    if only.states is None or only.form is None:
        return unknown("form and state of the deposit")
    return yes_no(only.form is DepositForm.MASS and DepositState.GROWING in only.states, where(only, 0))


@derived
def deposit_on_digit(facts: Facts) -> Fact:
    """At hand or foot, where perfusion decides."""
    return _any(facts, lambda one: None if one.site is None else one.site in DIGITAL, "at hand or foot")


def _infected(facts: Facts, wanted: Infection) -> Fact:
    open_questions = (None, Infection.POSSIBLE)
    return _any(
        facts,
        lambda one: None if infection(one) in open_questions else infection(one) is wanted,
        f"infection {wanted}",
        ask="whether an inflamed, open or liquid deposit is infected (aspirate, culture)",
    )


def _in_state(facts: Facts, *states: DepositState) -> Fact:
    words = " or ".join(one.replace("_", " ") for one in states)
    return _any(facts, lambda one: None if one.states is None else bool(one.states & set(states)), words)


def _any(facts: Facts, asked: Callable[[SeenDeposit], bool | None], told: str, *, ask: str = "") -> Fact:
    deposits = facts.picture.deposits
    if deposits is None:
        return unknown("state of the deposits")
    answers = [asked(one) for one in deposits]
    named = ", ".join(where(deposits[index], index) for index, answer in enumerate(answers) if answer)
    return yes_no(any_of(answers), f"{named}: {told}" if named else "", ask=ask or "state of the deposits")
