"""Advice for one patient and for a batch of 20,000 on two cores, beside a plain walk over every rule for every therapy; and
a change of the knowledge held against the same batch."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from dataclasses import replace
from multiprocessing import Pool
from random import Random

from benchmarks.invented_pictures import picture
from benchmarks.peers.plain_rules import walk
from benchmarks.report import Goal, Options, Report, Table
from calciscope.advise import advise, change, differences_by
from calciscope.knowledge import Knowledge, knowledge
from calciscope.knowledge.model import Level

ONE_PATIENT_LIMIT_MS = 50.0
BATCH, QUICK_BATCH = 20_000, 1_000
BATCH_LIMIT_S = 300.0
CORES = 2
SINGLES, PEER_SINGLES = 200, 5
ONE_STOP, ANYTHING = "one stop changed", "anything may differ"
CHANGED_RULE, CHANGED_DRUG = "methotrexate-egfr-below-30", "methotrexate"
PART = 500  # pictures handed to a core at a time


def advise_part(seed: int, count: int) -> tuple[int, float]:
    """Advise on ``count`` invented patients: (options listed, so that nothing is skipped; processor time in s)."""
    began = time.process_time()
    chance, known = Random(seed), knowledge()
    listed = sum(len(advise(picture(chance, known), known).options) for _ in range(count))
    return listed, time.process_time() - began


def earlier(known: Knowledge, what: str) -> Knowledge:
    """The knowledge before a change: without one stop, or with a class of drugs that could move anything."""
    if what == ONE_STOP:
        return replace(
            known, rules={name: one for name, one in known.rules.items() if name != CHANGED_RULE}, version="earlier"
        )
    drug = known.therapies[CHANGED_DRUG]
    return replace(
        known,
        therapies={**known.therapies, CHANGED_DRUG: replace(drug, classes=drug.classes | {"new"})},
        version="earlier",
    )


def compare_part(seed: int, count: int, what: str) -> tuple[int, float]:
    """Hold two versions against each other for invented patients: (how many differ, processor time in s)."""
    chance, known = Random(seed), knowledge()
    changed = change(earlier(known, what), known)
    differences_by(changed, picture(chance, known))
    spent, differing = 0.0, 0
    for _ in range(count):
        one = picture(chance, known)
        began = time.process_time()
        differing += bool(differences_by(changed, one))
        spent += time.process_time() - began
    return differing, spent


def compared(options: Options, count: int, what: str) -> Goal:
    """The whole batch on all cores."""
    with Pool(CORES) as pool:
        parts = pool.starmap(compare_part, [(options.seed + part, PART, what) for part in range(count // PART)])
    spent_s = sum(seconds for _, seconds in parts) / CORES * BATCH / count
    differing = sum(each for each, _ in parts)
    return Goal(
        what=f"{BATCH} patients against an earlier version, {what} ({differing} of {count} differ)",
        ours=spent_s, target=f"below {BATCH_LIMIT_S:g}", met=spent_s < BATCH_LIMIT_S, unit="s",
    )  # fmt: skip


def milliseconds(work: list) -> list[float]:
    """Processor time of each call in ms."""
    times = []
    for call in work:
        began = time.process_time()
        call()
        times.append((time.process_time() - began) * 1000)
    return times


def stops() -> Table:
    """Whose word the hard stops rest on."""
    known = knowledge()
    counts = Counter(str(rule.verification) for rule in known.rules.values() if rule.level is Level.STOP)
    total = sum(counts.values())
    rows = tuple((mark, count, round(100 * count / total, 1)) for mark, count in sorted(counts.items()))
    return Table(caption="Hard stops by verification", columns=("verification", "stops", "%"), rows=rows)


def run(options: Options) -> Report:
    """Time one patient, a batch, and the peer; count the hard stops."""
    known = knowledge()
    chance = Random(options.seed)
    pictures = [picture(chance, known) for _ in range(SINGLES)]
    advise(pictures[0], known)
    ours = milliseconds([lambda one=one: advise(one, known) for one in pictures])
    peer = milliseconds([lambda one=one: walk(one, known) for one in pictures[:PEER_SINGLES]])
    count = QUICK_BATCH if options.quick else BATCH
    began = time.perf_counter()
    with Pool(CORES) as pool:
        parts = pool.starmap(advise_part, [(options.seed + part, PART) for part in range(count // PART)])
    wall_s = time.perf_counter() - began
    batch_s = sum(seconds for _, seconds in parts) / CORES
    offered = sum(one.offered for one in known.therapies.values())
    advised = sum(listed for listed, _ in parts) // offered
    p95 = statistics.quantiles(ours, n=20)[18]
    return Report(
        id="advice",
        title="Advice: speed, and whose word the hard stops rest on",
        conditions=(
            f"{SINGLES} invented patients one by one (processor time), {count} in a batch (processor time over {CORES} cores; "
            f"wall clock {wall_s:.0f} s on a machine that others use, too).",
            f"{len(known.rules)} rules, {len(known.therapies)} therapies; {advised} patients advised.",
            "Peer: benchmarks/peers/plain_rules.py, the same rules weighed anew for every therapy; it gives no lines, no "
            "interactions and no assessment, so it does less.",
        ),
        goals=(
            Goal(
                what="one patient, 95th percentile", ours=p95, target=f"below {ONE_PATIENT_LIMIT_MS:g}",
                met=p95 < ONE_PATIENT_LIMIT_MS, peer=statistics.median(peer), unit="ms",
            ),
            Goal(
                what=f"{BATCH} patients, two cores" + (f" (from {count})" if count != BATCH else ""),
                ours=batch_s * BATCH / count, target=f"below {BATCH_LIMIT_S:g}",
                met=batch_s * BATCH / count < BATCH_LIMIT_S, unit="s",
            ),
            compared(options, count, ONE_STOP),
            compared(options, count, ANYTHING),
        ),
        tables=(stops(),),
    )  # fmt: skip
