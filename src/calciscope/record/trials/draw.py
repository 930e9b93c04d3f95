"""Who reads which scan in which order: drawn from a seed, so that anybody can draw it again and get the same.

The order is that of SHA-256 hashes over the seed, which no version of a random generator changes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from calciscope.record.trials.plan import Rules

FIRST, REPEAT, ADJUDICATION = "first", "repeat", "adjudication"
LABEL_LETTERS = 6  # 2^30 labels: two alike among some thousand are rare, and then one is drawn anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A scan to be read; ``visit_number`` is its place in time, the first 1."""

    subject: str
    patient: UUID
    measurement: UUID
    visit_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One reading to be done: by which reader, in which place of that reader's list, under which blinded label."""

    scan: Shown
    reader: UUID
    kind: str
    position: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPair:
    """Two readings side by side: ``first`` is shown as A, ``second`` as B."""

    first: Drawn
    second: Drawn
    label: str


@dataclass(slots=True)
class Hat:
    """What was drawn for a plan before: labels that are taken, and the last place of each reader's list."""

    taken: set[str] = field(default_factory=set)
    places: dict[UUID, int] = field(default_factory=dict)

    def drawn(self, scan: Shown, reader: UUID, kind: str, rules: Rules) -> Drawn:
        """At the reader's next place."""
        self.places[reader] = self.places.get(reader, 0) + 1
        label = blinded_label(self.taken, rules.seed, reader, scan.measurement, kind)
        return Drawn(scan=scan, reader=reader, kind=kind, position=self.places[reader], label=label)


def draw(scans: Sequence[Shown], readers: tuple[UUID, UUID], rules: Rules, hat: Hat | None = None) -> tuple[Drawn, ...]:
    """Every first reading and every repeat. A reader's repeats come behind all first readings, in an order of their own."""
    hat = hat or Hat()
    return tuple(
        hat.drawn(scan, reader, kind, rules)
        for reader, kind, ordered in _ordered(scans, readers, rules)
        for scan in ordered
    )


def draw_pairs(
    pairs: Sequence[tuple[Shown, Shown]], readers: tuple[UUID, UUID], rules: Rules, hat: Hat | None = None
) -> tuple[DrawnPair, ...]:
    """The same of pairs of a subject's scans, earlier and later; which of the two is shown as A is drawn for each reading."""
    hat = hat or Hat()
    later = {earlier: late for earlier, late in pairs}
    drawn = []
    for reader, kind, ordered in _ordered([earlier for earlier, _ in pairs], readers, rules):
        for scan in ordered:
            both = (scan, later[scan])
            if int(_hash(rules.seed, reader, scan.measurement, kind, "side")[-1], 16) % 2:
                both = (later[scan], scan)
            first, second = (hat.drawn(one, reader, kind, rules) for one in both)
            label = blinded_label(hat.taken, rules.seed, reader, scan.measurement, kind, "pair")
            drawn.append(DrawnPair(first=first, second=second, label=label))
    return tuple(drawn)


def _ordered(
    scans: Sequence[Shown], readers: tuple[UUID, UUID], rules: Rules
) -> Iterator[tuple[UUID, str, list[Shown]]]:
    """(reader, kind, scans in that reader's order)."""
    both = _share(scans, rules.double_percent, f"{rules.seed} double")
    for place, reader in enumerate(readers):
        mine = [scan for scan in scans if scan in both or _coin(rules.seed, scan) == place]
        first = _apart(sorted(mine, key=lambda scan, by=reader: _hash(rules.seed, by, scan.measurement)))  # type: ignore[misc]
        yield reader, FIRST, first
        chosen = _share(first, rules.repeat_percent, f"{rules.seed} {reader} repeat")
        again = sorted(chosen, key=lambda scan, by=reader: _hash(rules.seed, by, scan.measurement, REPEAT))  # type: ignore[misc]
        yield reader, REPEAT, _apart(again)


def blinded_label(taken: set[str], *parts: object) -> str:
    """A label that tells nothing and that no other reading has; ``taken`` is added to."""
    turn = 0
    while True:
        raw = hashlib.sha256(" ".join(map(str, (*parts, turn))).encode()).digest()
        label = "R-" + base64.b32encode(raw).decode()[:LABEL_LETTERS]
        if label not in taken:
            taken.add(label)
            return label
        turn += 1


def _share(scans: Sequence[Shown], percent: int, words: str) -> set[Shown]:
    """So many of them, rounded up, by their hashes."""
    count = -(-len(scans) * percent // 100)
    return set(sorted(scans, key=lambda scan: _hash(words, scan.measurement))[:count])


def _coin(seed: int, scan: Shown) -> int:
    return int(_hash(seed, "reader", scan.measurement)[-1], 16) % 2


def _hash(*parts: object) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()


def _apart(ordered: Iterable[Shown]) -> list[Shown]:
    """The same order, but no two scans of one subject follow each other as long as another subject's can come between."""
    waiting, placed = list(ordered), list[Shown]()
    while waiting:
        last = placed[-1].subject if placed else ""
        following = next((scan for scan in waiting if scan.subject != last), waiting[0])
        waiting.remove(following)
        placed.append(following)
    return placed
