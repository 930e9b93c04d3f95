"""Who reads which scan in which order: drawn from a seed, so that anybody can draw it again and get the same.

The order is that of SHA-256 hashes over the seed, which no version of a random generator changes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


def draw(scans: Sequence[Shown], readers: tuple[UUID, UUID], rules: Rules) -> tuple[Drawn, ...]:
    """Every first reading and every repeat. A reader's repeats come behind all first readings, in an order of their own."""
    taken: set[str] = set()
    drawn: list[Drawn] = []
    both = _share(scans, rules.double_percent, f"{rules.seed} double")
    for place, reader in enumerate(readers):
        mine = [scan for scan in scans if scan in both or _coin(rules.seed, scan) == place]
        first = _apart(sorted(mine, key=lambda scan: _hash(rules.seed, reader, scan.measurement)))
        again = sorted(
            _share(first, rules.repeat_percent, f"{rules.seed} {reader} repeat"),
            key=lambda scan: _hash(rules.seed, reader, scan.measurement, REPEAT),
        )
        for kind, ordered in ((FIRST, first), (REPEAT, _apart(again))):
            for scan in ordered:
                label = blinded_label(taken, rules.seed, reader, scan.measurement, kind)
                position = 1 + sum(one.reader == reader for one in drawn)
                drawn.append(Drawn(scan=scan, reader=reader, kind=kind, position=position, label=label))
    return tuple(drawn)


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
