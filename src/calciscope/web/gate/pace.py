"""Nobody asks faster than a person and the pages' own scripts do: who reads the record out by a script is slowed and noted."""

from __future__ import annotations

import threading
import time
from collections import deque

from django.conf import settings
from django.http import HttpRequest

WINDOW_S = 60.0


class Pace:
    """Times of each person's requests within the last minute, in this process; the web server is one process."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._asked: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def too_fast(self, who: str, *, most: int, now: float) -> bool:
        """Count one request at ``now`` (seconds of a steady clock); whether it is one more than ``most`` within a minute."""
        with self._lock:
            times = self._asked.setdefault(who, deque())
            while times and now - times[0] > WINDOW_S:
                times.popleft()
            if len(times) >= most:
                return True
            times.append(now)
            return False

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._asked.clear()


PACE = Pace()


def asks_too_fast(request: HttpRequest) -> bool:
    """Whether this person has asked REQUESTS_A_MINUTE times within the last minute; None in the settings is no limit.

    What our own scripts send (drafts, parts of a scan) is not counted: it gives nothing away, and has limits of its own.
    """
    most = settings.REQUESTS_A_MINUTE
    if request.method == "POST" and request.headers.get("X-Requested-With") == "calciscope":
        return False
    return most is not None and PACE.too_fast(str(request.user.pk), most=most, now=time.monotonic())
