"""The worker: takes one scan after another from the record's list and measures it. It runs beside the web server."""

from __future__ import annotations

from collections.abc import Callable

from calciscope.flows.compare_for_record import compare_around, give_up_comparing
from calciscope.flows.scan_for_record import measure_work, refusal, sort_study
from calciscope.record.scans import work
from calciscope.record.scans.heart import heart
from calciscope.terms.errors import Broken, NotAllowed, Refused

NO_ACCESS = "Whoever sent this scan has no access to the patient any more; somebody of the team can start it again in their own name."
OWN_FAULT = "This is a fault of the program, not of the scan; the server's log names it. The scan can be started again."
NO_MEMORY = "The server has too little free memory for this scan; start it again when it has less to do."


def run_worker(*, until: Callable[[float], bool], jobs: int = 0, pause_s: float = 1.0) -> None:
    """Measure whatever waits until ``until`` (called with the seconds to wait) says that it is enough."""
    name = work.worker_name()
    work.clear_unfinished()
    while not until(0.0):
        busy = sort_next() or compare_next(name) or measure_next(name, jobs=jobs)
        if not busy and until(pause_s):
            return


def sort_next() -> bool:
    """Look at the next old study whose patient is not known, if there is one; whether there was."""
    found = work.next_unsorted()
    if found is None:
        return False
    try:
        sort_study(found)
    except (
        Refused,
        NotAllowed,
    ):  # it was dropped meanwhile, or whoever named it has gone: nothing is left to do for it
        return True
    return True


def measure_next(worker: str, *, jobs: int = 0) -> bool:
    """Measure the scan that is next, if there is one; whether there was. What goes wrong is told at the scan."""
    found = work.next_work(worker)
    if found is None:
        return False
    try:
        with heart(found.scan, worker) as progress:
            measured = measure_work(found, worker=worker, progress=progress, jobs=jobs)
    except NotAllowed:
        work.give_up(found.scan, worker, refused=False, message=NO_ACCESS)
    except Refused as refused:
        work.give_up(found.scan, worker, refused=True, message=refusal(refused, found))
    except Broken as broken:
        work.give_up(found.scan, worker, refused=False, message=refusal(broken, found))
    except MemoryError:
        work.give_up(found.scan, worker, refused=False, message=NO_MEMORY)
    except OSError as error:
        why = f"The server could not read or write a file ({error.strerror or 'unknown'}); its administrator can help."
        work.give_up(found.scan, worker, refused=False, message=why)
    except Exception:
        work.give_up(found.scan, worker, refused=False, message=OWN_FAULT)
        raise
    except BaseException:
        work.hand_back(found.scan, worker)
        raise
    else:
        _compare(work.Measured(scan=found.scan, patient=found.patient, by=found.by, measurement=measured), worker)
    return True


def compare_next(worker: str) -> bool:
    """Compare a measured scan whose comparison was broken off, if there is one; whether there was."""
    found = work.next_comparison(worker)
    if found is not None:
        _compare(found, worker)
    return found is not None


def _compare(found: work.Measured, worker: str) -> None:
    """Hold a measured scan against the one before it; what breaks off is tried again, and in the end said to have broken off."""
    done = False
    try:
        if found.tried_out:
            give_up_comparing(by=found.by, patient=found.patient, measurement=found.measurement)
        else:
            with heart(found.scan, worker):
                compare_around(by=found.by, patient=found.patient, measurement=found.measurement)
        done = True
    except NotAllowed:  # nobody is left in whose name it could be recorded
        done = True
    except (Refused, Broken, MemoryError, OSError):  # tried again by the next turn, and told when that was in vain
        done = False
    finally:
        work.leave_comparison(found.scan, worker, done=done)
