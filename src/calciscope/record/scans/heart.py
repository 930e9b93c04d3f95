"""A worker's signs of life while it measures: how far it is, written every two seconds by a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import OperationalError, connection

from calciscope.record.scans.work import beat
from calciscope.terms.errors import Refused
from calciscope.terms.progress import Progress

BEAT_S = 2.0  # judgement: soon enough for somebody who watches, rare enough for a database with one writer


@contextmanager
def heart(scan: UUID, worker: str) -> Iterator[Progress]:
    """Give the function that the measuring tells its progress to; it raises Refused once the scan was discarded."""
    told: list[tuple[str, float]] = [("", 0.0)]
    over, lost = threading.Event(), threading.Event()

    def run() -> None:
        while not over.wait(BEAT_S):
            try:
                if not beat(scan, worker, *told[0]):
                    lost.set()
            except OperationalError:  # the database is busy or away: the next beat tries again
                continue
        connection.close()

    def progress(step: str, fraction: float) -> None:
        told[0] = (step, fraction)
        if lost.is_set():
            raise Refused("This scan was discarded while it was measured.")

    thread = threading.Thread(target=run, name="heart", daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        over.set()
        thread.join()
