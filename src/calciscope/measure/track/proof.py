"""A change must be proven: new, resolved, grown and shrunk are held against what both scans read at the family's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from calciscope.measure.track.limit import ErrorModel
from calciscope.measure.track.match import Kin
from calciscope.measure.track.reread import Change, ScanPair, change_at
from calciscope.terms.deposits import Deposit
from calciscope.terms.tracking import Event

READING_SHARE = 0.2
"""A reading of a change and the measured mass agree within this share: the reading takes blur and tissue more coarsely
(within 10 % on phantom pairs)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(ScanPair):
    """Two scans brought together: what judging a family needs."""

    errors: ErrorModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A family's masses (mg) then and now, the limit (mg) of one deposit alone and of all ``tested`` families together."""

    kin: Kin
    then: Sequence[Deposit]
    now: Sequence[Deposit]
    masses_mg: tuple[float, float]
    single_mg: float
    limit_mg: float
    tested: int

    @property
    def change_mg(self) -> float:
        """Mass now less mass then."""
        return self.masses_mg[1] - self.masses_mg[0]

    @property
    def lone(self) -> bool:
        """Whether one scan alone shows it."""
        return not self.then or not self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Masses (mg) as the place reads, the event that follows (None: that of the masses), the limit held, and what to say."""

    before_mg: float
    after_mg: float
    event: Event | None
    limit_mg: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What places of two scans read, each looked at once."""

    pair: Pair
    known: dict[Kin, Change | None] = field(default_factory=dict)

    def of(self, claim: Claim) -> Change | None:
        """The change at a family's place; None where it cannot be read."""
        if claim.kin not in self.known:
            mg = _mg_per_hu_ml(self.pair, claim)
            self.known[claim.kin] = change_at(self.pair, (claim.kin.then, claim.kin.now), mg) if mg else None
        return self.known[claim.kin]


def proof_of(readings: Readings, claim: Claim) -> Proof | None:
    """What the place says of a family that one scan alone shows, or whose mass changed beyond the limit of one; None: nothing."""
    if not claim.lone and abs(claim.change_mg) <= claim.single_mg:
        return None
    read = readings.of(claim)
    if read is None:
        return None
    own = readings.pair.errors.reading_limit_mg(read.sd_mg, read.laid, max(claim.masses_mg), claim.tested)
    if claim.lone:
        return _of_one(claim, read.mass_mg, max(own, claim.limit_mg))
    if abs(claim.change_mg) > claim.limit_mg:
        return _of_both(claim, read.mass_mg, max(own, claim.limit_mg))
    if read.mass_mg * claim.change_mg > 0.0 and abs(read.mass_mg) > own and abs(claim.change_mg) > own:
        limit = max(own, claim.single_mg)  # beyond the limit of one, and the place says so for all families together
        return Proof(before_mg=claim.masses_mg[0], after_mg=claim.masses_mg[1], event=None, limit_mg=limit)
    return None


def _mg_per_hu_ml(pair: Pair, claim: Claim) -> tuple[float, float] | None:
    """Mass for each HU x ml of excess in both scans, by what the family was measured to hold."""
    hu = pair.first.calibration.hu_per_mg_ml, pair.second.calibration.hu_per_mg_ml
    excess = sum(one.excess_hu_ml or 0.0 for one in claim.then)
    excess += sum(one.excess_hu_ml or 0.0 for one in claim.now) * hu[0] / hu[1]
    mass = sum(one.mass_mg or 0.0 for one in (*claim.then, *claim.now))
    if excess <= 0.0 or mass <= 0.0:
        return None
    return mass / excess, mass / excess * hu[0] / hu[1]


def _of_one(claim: Claim, read_mg: float, limit_mg: float) -> Proof:
    """One scan alone found it: is the other one empty there?"""
    before, after = claim.masses_mg
    whole = abs(claim.change_mg)
    came = claim.change_mg > 0.0
    toward = read_mg if came else -read_mg  # as much of the whole as the place says
    gone = toward >= whole - max(limit_mg, READING_SHARE * whole)
    alike = abs(toward) <= limit_mg
    found, other = ("follow-up", "baseline") if came else ("baseline", "follow-up")
    if gone and not alike:
        return Proof(before_mg=before, after_mg=after, event=Event.NEW if came else Event.RESOLVED, limit_mg=limit_mg)
    if gone or toward < -limit_mg:
        note = f"too faint: found in the {found} scan only, and its place does not tell whether the {other} scan shows it too"
        return Proof(before_mg=before, after_mg=after, event=Event.NOT_EVALUABLE, limit_mg=limit_mg, note=note)
    rest = max(whole - toward, 0.0)
    before, after = (rest, after) if came else (before, rest)
    if alike:
        note = f"found in the {found} scan only, but its place reads alike in both"
        return Proof(before_mg=before, after_mg=after, event=Event.STABLE, limit_mg=limit_mg, note=note)
    note = f"found in the {found} scan only; its mass in the {other} scan is read at its place"
    return Proof(
        before_mg=before, after_mg=after, event=Event.GROWN if came else Event.SHRUNK, limit_mg=limit_mg, note=note
    )


def _of_both(claim: Claim, read_mg: float, limit_mg: float) -> Proof | None:
    """Both scans found it, with masses that differ beyond the limit: does its place differ too?"""
    before, after = claim.masses_mg
    measured = claim.change_mg
    agrees = abs(read_mg - measured) <= max(limit_mg, READING_SHARE * abs(measured))
    if agrees or read_mg * measured > limit_mg * abs(measured):
        return None
    if abs(read_mg) > limit_mg:
        note = "its masses and its place say the opposite of each other"
        return Proof(before_mg=before, after_mg=after, event=Event.NOT_EVALUABLE, limit_mg=limit_mg, note=note)
    heavier, lighter = ("follow-up", "baseline") if measured > 0.0 else ("baseline", "follow-up")
    note = f"part of it was found in the {heavier} scan only, but its place reads alike in both, where the {lighter} scan's mass is read"
    before, after = (after - read_mg, after) if measured > 0.0 else (before, before + read_mg)
    return Proof(before_mg=before, after_mg=after, event=None, limit_mg=limit_mg, note=note)
