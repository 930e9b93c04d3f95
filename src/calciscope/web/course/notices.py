"""What a reader must know of the comparisons before the figures: another setting, contrast agent, scans that cannot be compared."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.record.scans.chain import Chain, Step
from calciscope.web.course.sentence import NOT_COMPARED
from calciscope.web.course.told import why_not
from calciscope.web.design.days import written


def notices(chain: Chain) -> list[str]:
    """The newest step first."""
    return [words for step in reversed(chain.steps) for words in _of(step)]


def _of(step: Step) -> Iterator[str]:
    days = " and ".join(
        written(scan.effective_on.isoformat()) for scan in (step.earlier, step.later) if scan.effective_on
    )
    why = why_not(step)
    if why == NOT_COMPARED:
        yield f"The scans of {days} are not compared yet; the server does it now. Open this page again in some minutes."
    elif why:
        yield f"Scans of {days}: {why.rstrip('.')}. No change of the burden is given."
    if step.widened_by:
        yield f"Scans of {days}: the limits are wider because a setting changed ({'; '.join(step.widened_by)})."
    if step.possible and step.message:
        yield f"Scans of {days}: {step.message}"
