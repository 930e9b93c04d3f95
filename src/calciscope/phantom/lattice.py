"""Where the image's voxels lie, tilted gantry included, and the finer stack of slices it is rendered from."""

from __future__ import annotations

import hashlib

import numpy as np

from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.geometry import Grid

FINE_SLICE_MM = 0.5  # largest distance of the slices that are rendered and then averaged into one


def image_grid(spec: PhantomSpec, centre_lps_mm: tuple[float, float, float]) -> Grid:
    """Grid of the image, its middle at ``centre_lps_mm``; slices rise towards the head."""
    tilt = np.deg2rad(spec.tilt_deg)
    affine = np.eye(4)
    affine[:3, 0] = (spec.pixel_mm, 0.0, 0.0)
    affine[:3, 1] = (0.0, spec.pixel_mm * np.cos(tilt), spec.pixel_mm * np.sin(tilt))
    affine[:3, 2] = (0.0, 0.0, spec.step_mm / np.cos(tilt))
    middle = (np.array(spec.shape[::-1]) - 1) / 2
    affine[:3, 3] = np.array(centre_lps_mm) - affine[:3, :3] @ middle
    return Grid(shape=spec.shape, affine=affine, frame_uid=uid(spec, "frame"))


def fine_factor(grid: Grid) -> int:
    """How many rendered slices make the distance of two image slices."""
    return max(2, int(np.ceil(grid.spacing_mm[0] / FINE_SLICE_MM)))


def fine_lattice(grid: Grid, factor: int, margin: int) -> Grid:
    """Grid of the rendered slices; image slice k has its middle at fine index margin + k x factor + (factor - 1)/2."""
    affine = grid.affine.copy()
    affine[:3, 2] /= factor
    affine[:3, 3] -= affine[:3, 2] * (margin + (factor - 1) / 2)
    slices, rows, columns = grid.shape
    return Grid(shape=(slices * factor + 2 * margin, rows, columns), affine=affine)


def uid(spec: PhantomSpec, *parts: object) -> str:
    """A UID that depends on the spec and ``parts`` only (2.25 form: a 128-bit number)."""
    text = repr((sorted((key, str(value)) for key, value in spec.settings().items()), parts))
    if parts and parts[0] in ("frame", "patient"):
        text = repr((spec.seed, spec.kind, spec.followup, parts))
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    return f"2.25.{number}"
