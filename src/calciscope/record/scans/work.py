"""The worker's list: which scan is measured next, how far it is, and what became of it.

A worker that is killed leaves its scan marked as being measured; the next worker takes it up again as soon as that one's
process is gone, or its sign of life is too old. After three attempts the scan is told to have failed. A measured scan whose
comparison with the one before it was broken off is taken up in the same way.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from calciscope.record.actor import Actor
from calciscope.record.models.membership import Membership
from calciscope.record.models.scan import Scan, ScanState
from calciscope.record.scans import files

MOST_ATTEMPTS = 3  # judgement: a killed worker is chance, three are the scan
LOST_AFTER = timedelta(seconds=90)  # judgement: many missed signs of life, few minutes of a reader's patience
MOST_IN_ALL = 2 * MOST_ATTEMPTS  # measuring and comparing together
UNFINISHED_FOR = timedelta(days=7)  # judgement: an upload that was not taken up again for a week never will be
BROKEN_OFF = "Measuring broke off three times, perhaps for want of memory; the scan is kept and can be started again."
TO_COMPARE = Q(state=ScanState.MEASURED, compared=False)
IN_HAND = Q(state=ScanState.MEASURING) | TO_COMPARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A scan to be measured: where it lies, where its result goes, and in whose name it is recorded."""

    scan: UUID
    patient: UUID
    by: Actor
    source: Path
    into: Path
    said: dict[str, object]


def worker_name() -> str:
    """This process on this computer."""
    return f"{socket.gethostname()}:{os.getpid()}"


def next_work(worker: str) -> Work | None:
    """Take the oldest scan that waits or was left by a worker that is gone."""
    _reconnect()
    with transaction.atomic():
        _take_up_again()
        found = Scan.unscoped.select_for_update(skip_locked=True, of=("self",))
        scan = found.filter(state=ScanState.WAITING, patient__isnull=False).order_by("old", "created_at", "pk").first()
        if scan is None or scan.patient_id is None:
            return None
        scan.state, scan.worker, scan.beat_at = ScanState.MEASURING, worker, timezone.now()
        scan.attempts, scan.step, scan.fraction = scan.attempts + 1, "", 0.0
        scan.save()
    seat = Membership.objects.get(pk=scan.membership_id)
    return Work(
        scan=scan.pk,
        patient=scan.patient_id,
        by=Actor.of(seat),
        source=source_of(scan),
        into=files.result_folder(scan.patient_id, scan.pk),
        said=dict(scan.said),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsorted:
    """An old study of which it is not known yet whose it is."""

    scan: UUID
    by: Actor
    source: Path


def next_unsorted() -> Unsorted | None:
    """The next old study to be looked at; one whose look broke off too often has failed."""
    _reconnect()
    with transaction.atomic():
        found = Scan.unscoped.select_for_update(skip_locked=True, of=("self",))
        scan = (
            found.filter(state=ScanState.RECEIVING, old=True, patient__isnull=True).order_by("created_at", "pk").first()
        )
        if scan is None:
            return None
        scan.attempts += 1
        if scan.attempts > MOST_ATTEMPTS:
            scan.state, scan.message = ScanState.FAILED, "Looking at it broke off three times."
        scan.save()
    seat = Membership.objects.get(pk=scan.membership_id)
    return Unsorted(scan=scan.pk, by=Actor.of(seat), source=Path(scan.place))


def source_of(scan: Scan) -> Path:
    """The files of a scan."""
    return Path(scan.place) if scan.place else files.incoming(scan.pk, names_of(scan))


def names_of(scan: Scan) -> list[str]:
    """What the files of an upload are called here."""
    suffixes: Sequence[str] = scan.said.get("suffixes") or [""] * len(scan.sizes)
    return [files.name_of(number, suffix) for number, suffix in enumerate(suffixes)]


def beat(scan: UUID, worker: str, step: str, fraction: float) -> bool:
    """A sign of life; False where the scan is no longer this worker's."""
    mine = Scan.unscoped.filter(IN_HAND, pk=scan, worker=worker)
    return bool(mine.update(beat_at=timezone.now(), step=step[:80], fraction=min(1.0, max(0.0, fraction))))


def give_up(scan: UUID, worker: str, *, refused: bool, message: str) -> None:
    """Say why a scan is not measured; what was sent stays, so that it can be started again."""
    mine = Scan.unscoped.filter(pk=scan, worker=worker, state=ScanState.MEASURING)
    state = ScanState.REFUSED if refused else ScanState.FAILED
    mine.update(state=state, message=message[:1000], worker="", changed_at=timezone.now())


def hand_back(scan: UUID, worker: str) -> None:
    """Let a scan wait again whose worker is stopped on request; that was no attempt."""
    mine = Scan.unscoped.filter(pk=scan, worker=worker)
    mine.filter(state=ScanState.MEASURING).update(state=ScanState.WAITING, worker="", attempts=F("attempts") - 1)
    mine.filter(TO_COMPARE).update(worker="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measured scan that is to be held against the one before it; ``tried_out``: that broke off too often."""

    scan: UUID
    patient: UUID
    by: Actor
    measurement: UUID
    tried_out: bool = False


def next_comparison(worker: str) -> Measured | None:
    """Take the oldest measured scan whose comparison was broken off, by a worker that is gone."""
    _reconnect()
    with transaction.atomic():
        left = Scan.unscoped.select_for_update(skip_locked=True, of=("self",)).filter(
            TO_COMPARE, patient__isnull=False, measurement__isnull=False
        )
        scan = next((one for one in left.order_by("created_at", "pk") if _lost(one)), None)
        if scan is None or scan.patient_id is None or scan.measurement is None:
            return None
        scan.worker, scan.beat_at, scan.attempts = worker, timezone.now(), scan.attempts + 1
        scan.save()
    seat = Membership.objects.get(pk=scan.membership_id)
    return Measured(
        scan=scan.pk,
        patient=scan.patient_id,
        by=Actor.of(seat),
        measurement=scan.measurement,
        tried_out=scan.attempts > MOST_IN_ALL,
    )


def leave_comparison(scan: UUID, worker: str, *, done: bool) -> None:
    """Let go of a measured scan: it is compared, or shall be tried again."""
    Scan.unscoped.filter(TO_COMPARE, pk=scan, worker=worker).update(worker="", compared=done)


def clear_unfinished() -> int:
    """Drop uploads that nobody went on with; returns how many."""
    old = Scan.unscoped.filter(state=ScanState.RECEIVING, place="", changed_at__lt=timezone.now() - UNFINISHED_FOR)
    keys = list(old.values_list("pk", flat=True))
    for key in keys:
        files.drop_incoming(key)
    Scan.unscoped.filter(pk__in=keys).update(state=ScanState.DISCARDED)
    return len(keys)


def _reconnect() -> None:
    """Drop a connection that the server has closed meanwhile; one within a transaction is in use."""
    if not connection.in_atomic_block:
        close_old_connections()


def _take_up_again() -> None:
    """Let scans of lost workers wait again; too often lost, they have failed."""
    for scan in Scan.unscoped.select_for_update(skip_locked=True).filter(state=ScanState.MEASURING):
        if not _lost(scan):
            continue
        scan.worker = ""
        scan.state = ScanState.FAILED if scan.attempts >= MOST_ATTEMPTS else ScanState.WAITING
        scan.message = BROKEN_OFF if scan.state == ScanState.FAILED else ""
        scan.save()


def _lost(scan: Scan) -> bool:
    """Whether nobody works on a scan any more."""
    late = timezone.now() - LOST_AFTER
    return not scan.worker or not scan.beat_at or scan.beat_at <= late or _gone(scan.worker)


def _gone(worker: str) -> bool:
    """Whether a worker of this computer runs no more; of another computer one cannot know."""
    host, _, number = worker.rpartition(":")
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
