"""The real scans the benchmarks run on when a folder of them is given (limbs/*.zip, trunk/*)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.engine import load
from benchmarks.insertion import Scan
from benchmarks.occupancy import Blur
from benchmarks.scan_blur import in_plane_fwhm_mm
from benchmarks.scan_tissue import ground
from calciscope.terms.series import Series

QUICK_LIMBS = 6
DEFAULT_KVP = 120.0
ALONG_FWHM_MM = 1.0  # smooths the slice profile's corners; the profile itself is a box of the slice thickness


def limb_paths(data: Path, quick: bool) -> list[Path]:
    """Limb scans in name order; an even choice of them when quick."""
    paths = sorted((data / "limbs").glob("*.zip"))
    return paths[:: max(1, len(paths) // QUICK_LIMBS)][:QUICK_LIMBS] if quick else paths


def trunk_paths(data: Path) -> list[Path]:
    """Trunk scans in name order."""
    return sorted(path for path in (data / "trunk").iterdir() if path.name.endswith((".zip", ".nii.gz")))


def prepared(path: Path) -> tuple[Series, Scan]:
    """A scan as the product reads it, and what the insertion needs to know of it."""
    series = load(path)
    spacing = series.volume.grid.spacing_mm
    hu = series.volume.hu
    thickness = series.acquisition.slice_thickness_mm or spacing[0]
    blur = Blur(in_plane_fwhm_mm=in_plane_fwhm_mm(hu, spacing[1]), along_fwhm_mm=ALONG_FWHM_MM, slice_box_mm=thickness)
    return series, Scan(
        name=path.name.split(".")[0],
        hu=hu,
        spacing_mm=spacing,
        kvp=series.acquisition.kvp or DEFAULT_KVP,
        ground=ground(hu, spacing),
        blur=blur,
    )


def limbs(data: Path, quick: bool) -> Iterator[tuple[Series, Scan]]:
    """Every limb scan, prepared."""
    for path in limb_paths(data, quick):
        yield prepared(path)
