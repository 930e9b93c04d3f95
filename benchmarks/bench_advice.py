"""Advice for one patient and for a batch of 20,000 on two cores, beside a plain walk over every rule for every therapy."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from multiprocessing import Pool
from random import Random

from benchmarks.invented_pictures import picture
from benchmarks.peers.plain_rules import walk
from benchmarks.report import Goal, Options, Report, Table
from calciscope.advise import advise
from calciscope.knowledge import knowledge
from calciscope.knowledge.model import Level

ONE_PATIENT_LIMIT_MS = 50.0
BATCH, QUICK_BATCH = 20_000, 1_000
BATCH_LIMIT_S = 300.0
CORES = 2
SINGLES, PEER_SINGLES = 200, 5
PART = 500  # pictures handed to a core at a time


def advise_part(seed: int, count: int) -> tuple[int, float]:
    """Advise on ``count`` invented patients: (options listed, so that nothing is skipped; processor time in s)."""
    began = time.process_time()
    chance, known = Random(seed), knowledge()
    listed = sum(len(advise(picture(chance, known), known).options) for _ in range(count))
    return listed, time.process_time() - began


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
        ),
        tables=(stops(),),
    )  # fmt: skip
