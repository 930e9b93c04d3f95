"""Scans of one patient in, what became of every deposit out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from calciscope.flows.measure_scan import Request, measured, must_exist, use_cores
from calciscope.measure.track.run import track
from calciscope.measure.track.suit import in_order_of_time, must_be_comparable
from calciscope.read.measured import is_measured, read_measured
from calciscope.share import measured_folder, tracked_folder
from calciscope.share.whole_folder import whole_folder
from calciscope.terms.progress import Progress, silent
from calciscope.terms.tracking import TimePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRequest:
    """What the user asked for; ``measuring`` holds the options of `measure` for those of ``scans`` that need measuring."""

    scans: tuple[Path, ...]
    out: Path
    measuring: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """The finished output: the JSON as written, and one sentence on what changed."""

    json_text: str
    sentence: str
    warnings: tuple[str, ...]


def track_scans(request: TrackRequest, *, progress: Progress = silent) -> Tracked:
    """Measure what is not measured yet, compare, and write; ``request.out`` appears whole or not at all.

    Earlier measurements are read and never written to; a scan measured here is kept as ``measured_1``, ``measured_2``
    ... inside the output. Raises ``WrongUsage`` for a path that is not there, ``Refused`` for scans that cannot be compared.
    """
    for place in request.scans:
        must_exist(place, "SCAN")
    use_cores(request.measuring.jobs)
    overwrite = request.measuring.overwrite
    with whole_folder(request.out, overwrite=overwrite, is_ours=tracked_folder.is_ours) as folder:
        given = [_time_point(place, n, folder, request, progress) for n, place in enumerate(request.scans, start=1)]
        must_be_comparable(given)
        ordered, warnings = in_order_of_time(given)
        tracking = replace(track(ordered, progress=progress), warnings=warnings)
        json_text = tracked_folder.write(tracking, folder, progress=progress)
    told = (*warnings, *(warning for one in tracking.comparisons for warning in one.warnings))
    sentence = f"{tracked_folder.sentence(tracking)} Written to {request.out}."
    return Tracked(json_text=json_text, sentence=sentence, warnings=tuple(dict.fromkeys(told)))


def _time_point(place: Path, number: int, folder: Path, request: TrackRequest, progress: Progress) -> TimePoint:
    """The measured scan at ``place``, measuring it first where it is a scan."""
    if is_measured(place):
        return read_measured(place)
    target = folder / f"measured_{number}"
    target.mkdir()
    measured_folder.write(measured(replace(request.measuring, scan=place), progress), target, progress=progress)
    return read_measured(target)
