"""How long a log-in lasts: it ends after a while without use, and at the latest after a working day."""

from __future__ import annotations

import time

from django.contrib.auth import logout
from django.http import HttpRequest

SEEN, BEGAN = "seen_at", "began_at"
IDLE_S = 30 * 60  # judgement: a consultation without a click; what was typed is kept
LONGEST_S = 12 * 3600  # judgement: one working day
SEEN_STEP_S = 60  # judgement: how often the time of last use is written, so that not every request writes


def has_ended(request: HttpRequest) -> bool:
    """Whether nobody used the session for too long, or it is too old; if so, it ends here."""
    now = int(time.time())
    seen, began = request.session.get(SEEN, now), request.session.get(BEGAN, now)
    if now - seen > IDLE_S or now - began > LONGEST_S:
        logout(request)
        return True
    if now - seen >= SEEN_STEP_S or SEEN not in request.session:
        request.session[SEEN] = now
    if BEGAN not in request.session:
        request.session[BEGAN] = now
    return False
