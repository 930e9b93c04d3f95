"""A CT scan in, a folder of measurements out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numba

from calciscope.measure.run import measure_whole
from calciscope.read.checks import run_checks
from calciscope.read.mask import read_mask
from calciscope.read.series import read_series
from calciscope.share import measured_folder
from calciscope.share.kept_scan import write_kept
from calciscope.share.whole_folder import whole_folder
from calciscope.terms.errors import WrongUsage
from calciscope.terms.measurement import Measurement, Settings
from calciscope.terms.progress import Progress, silent
from calciscope.terms.whole_scan import WholeScan


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for; None is "decide for me" (``matrix_hu`` None: the tissue around the deposit)."""

    scan: Path
    out: Path
    series_uid: str | None = None
    calibration_hu_per_mg_ml: float | None = None
    matrix_hu: float | None = 40.0
    bone_mask: Path | None = None
    jobs: int = 0
    overwrite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The finished output: the JSON as written, and one sentence on what was found and where it lies."""

    json_text: str
    sentence: str


def measure_scan(request: Request, *, progress: Progress = silent, keep: bool = False) -> Done:
    """Read, check, measure and write; ``request.out`` appears whole or not at all.

    ``keep``: the pixels too, so that a reader can look at the scan and measure a part of it again.
    Raises ``WrongUsage`` for a path that is not there, ``Refused`` for input or output that cannot be used.
    """
    must_exist(request.scan, "SCAN")
    if request.bone_mask is not None:
        must_exist(request.bone_mask, "--bone-mask")
    use_cores(request.jobs)
    with whole_folder(request.out, overwrite=request.overwrite, is_ours=measured_folder.is_ours) as folder:
        measurement, whole = measured_whole(request, progress)
        json_text = measured_folder.write(measurement, folder, progress=progress)
        if keep:
            progress("Keeping what a reader looks at", 0.0)
            write_kept(whole, folder)
    return Done(json_text=json_text, sentence=f"{measured_folder.sentence(json_text)} Written to {request.out}.")


def use_cores(jobs: int) -> None:
    """Let compiled loops run on ``jobs`` cores; 0 leaves all of them."""
    if jobs > 0:
        numba.set_num_threads(min(jobs, numba.get_num_threads()))


def measured(request: Request, progress: Progress) -> Measurement:
    """Read, check and measure one scan; nothing is written."""
    return measured_whole(request, progress)[0]


def measured_whole(request: Request, progress: Progress) -> tuple[Measurement, WholeScan]:
    """The same, with what is worth keeping of the scan."""
    series = read_series(request.scan, series_uid=request.series_uid, progress=progress)
    bone_mask = None if request.bone_mask is None else read_mask(request.bone_mask, series.volume.grid)
    settings = Settings(
        calibration_hu_per_mg_ml=request.calibration_hu_per_mg_ml, matrix_hu=request.matrix_hu, jobs=request.jobs
    )
    return measure_whole(series, settings, checks=run_checks(series), bone_mask=bone_mask, progress=progress)


def must_exist(path: Path, name: str) -> None:
    """Raise ``WrongUsage`` where there is nothing at ``path``; ``name`` is what the user calls it."""
    try:
        there = path.exists()
    except PermissionError:
        raise
    except OSError as error:  # a name the system cannot hold is not there either
        raise WrongUsage(f"{name} {path} cannot be looked up ({error.strerror}); check the path.") from error
    if not there:
        raise WrongUsage(f"{name} {path} is not there; check the path.")
