"""A projection image (radiograph) or an ultrasound image: its shades, and how many millimetres a pixel is, if that is known.

Points are pixels: x to the right, y down, whole numbers at the middle of a pixel. No mass follows from such an image.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.errors import Refused

Shades = NDArray[np.uint16]
FULL_SHADE = 65_535
SAME_SCALE = 0.005  # relative; two scales that differ less are one, rounded (judgement)
Point = tuple[float, float]


class FilmKind(StrEnum):
    """What made the image."""

    RADIOGRAPH = "radiograph"
    ULTRASOUND = "ultrasound"


class ScaleBasis(StrEnum):
    """What the size of a pixel was taken from."""

    AT_OBJECT = "at_object"  # calibrated in the patient, by a body of known size or by geometry
    MAGNIFICATION_STATED = "magnification_stated"  # on the detector, divided by the magnification that the file states
    DETECTOR = "detector"  # on the detector; the magnification is not known
    REGION = "region"  # a calibrated region of an ultrasound image
    RULER = "ruler"  # a ruler that a person has marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Millimetres a pixel in the patient, across and down, with the relative standard uncertainty of a length."""

    x_mm: float
    y_mm: float
    relative_uncertainty: float
    basis: ScaleBasis

    def scaled(self, factor: float) -> Scale:
        """The scale of an image whose pixels are ``factor`` times as large."""
        return Scale(
            x_mm=self.x_mm * factor,
            y_mm=self.y_mm * factor,
            relative_uncertainty=self.relative_uncertainty,
            basis=self.basis,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratedRegion:
    """A rectangle of an ultrasound image, both corners inside it, in which lengths hold."""

    left: int
    top: int
    right: int
    bottom: int
    scale: Scale

    def holds(self, point: Point) -> bool:
        """Whether the point lies in it."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmIdentity:
    """Whose image the file says it is; for the comparison with the record's patient alone, never kept."""

    name: str = ""
    born_on: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of a sequence; ``number`` counts from one, as the file does, with those that were not kept."""

    number: int
    shades: Shades


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """One image. ``shades`` [row, column] rise with what stops more X-rays, or echoes more.

    ``window`` are the shades that a screen shows as black and white; ``scale`` is None, with the reason in ``no_scale``, where
    the file gives no size of a pixel; of an ultrasound image the scale is that of its ``regions``. ``region`` and ``side`` are
    what the header says of the part of the body, empty where it says nothing. Of a sequence ``frames`` are those that are kept, all
    in one range of shades, and ``shades`` is the one that is shown first.
    """

    kind: FilmKind
    shades: Shades
    window: tuple[int, int]
    scale: Scale | None = None
    no_scale: str = ""
    regions: tuple[CalibratedRegion, ...] = ()
    taken_on: date | None = None
    region: str = ""
    side: str = ""
    view: str = ""
    image_uid: str = ""
    notes: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()
    identity: FilmIdentity = FilmIdentity()


def turned(shades: Shades) -> Shades:
    """Dark and bright exchanged."""
    return np.asarray(FULL_SHADE - shades, dtype=np.uint16)


def turned_window(window: tuple[int, int]) -> tuple[int, int]:
    """The same shades, dark and bright exchanged."""
    return FULL_SHADE - window[1], FULL_SHADE - window[0]


def scale_at(
    points: tuple[Point, ...], *, scale: Scale | None, regions: tuple[CalibratedRegion, ...], no_scale: str = ""
) -> Scale:
    """The scale that holds for all of the points; Refused where there is none, or they leave a calibrated region."""
    holding = [region.scale for region in regions if all(region.holds(point) for point in points)]
    if any(not _alike(holding[0], other) for other in holding[1:]):
        raise Refused("Two calibrated regions of unlike scales overlap here; mark where only one of them lies.")
    if holding:
        return holding[0]
    if regions:
        raise Refused(
            "A point lies outside the calibrated region of this ultrasound image, or they lie in two; mark within one."
        )
    if scale is None:
        raise Refused(no_scale or "The size of a pixel is not known; draw a ruler on the image first.")
    return scale


def _alike(one: Scale, other: Scale) -> bool:
    return all(abs(a - b) <= SAME_SCALE * b for a, b in ((one.x_mm, other.x_mm), (one.y_mm, other.y_mm)))
