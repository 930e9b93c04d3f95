"""One CT slice as its header describes it, checked for sense before any pixel is touched; else the reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from calciscope.read import tags
from calciscope.read.elements import UNDEFINED, RawHeader
from calciscope.read.foreign import Unreadable
from calciscope.read.limits import MAX_PIXEL_MM, MAX_PIXEL_STRETCH, MAX_POSITION_MM, MAX_SIDE_PIXELS, MIN_PIXEL_MM
from calciscope.read.values import integer, number, numbers, optional_number, text, texts

CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
LEGACY_ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.2"
MULTIFRAME = (ENHANCED_CT, LEGACY_ENHANCED_CT)
DICOMDIR = "1.2.840.10008.1.3.10"
DOSE_REPORT = "1.2.840.10008.5.1.4.1.1.88.67"
# Words of Image Type (and of vendors' own values) for pictures that are no cross-sections in HU.
SURVEY_WORDS = {"LOCALIZER", "SCOUT", "TOPOGRAM", "SURVIEW", "REF_SURVIEW", "SCANOGRAM", "SCANO"}
PICTURE_WORDS = {
    "PROJECTION IMAGE",
    "MIP",
    "MINIP",
    "VRT",
    "SSD",
    "VOLUME RENDERED",
    "DOSE_INFO",
    "SCREEN SAVE",
    "POSDISP",
}
MAP_WORDS = {
    "IODINE",
    "IODINE_MAP",
    "PERFUSION",
    "RHO_Z",
    "Z_EFF",
    "ELECTRON_DENSITY",
    "VIRTUAL_UNENHANCED",
    "VNC",
    "FAT_FRACTION",
}
HU_TYPES = {"HU", "HU_MOD", "US", ""}
NAMES = {"MR": "MR", "PT": "PET", "NM": "nuclear medicine", "US": "ultrasound", "CR": "radiograph", "DX": "radiograph"}

FILMS = ("US", "CR", "DX")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """How the pixels of a slice are stored."""

    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    photometric: str
    frames: int
    slope: float
    intercept: float
    padding: tuple[int, int] | None  # first and last stored value that stand for "no data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One slice (``frame`` of a multi-frame file, else 0): where it lies (LPS mm) and how it is stored."""

    raw: RawHeader
    frame: int
    pixels: Pixels
    series_uid: str
    sop_uid: str
    instance_number: int
    spacing_mm: tuple[float, float]  # between rows, between columns
    orientation: tuple[float, ...]  # direction of a row's pixels, then of a column's
    position_mm: tuple[float, float, float]
    image_type: tuple[str, ...]

    @property
    def normal(self) -> np.ndarray:
        """Unit vector across the slice."""
        return np.cross(self.orientation[:3], self.orientation[3:])


def read_slice(raw: RawHeader, frame: int = 0) -> Slice | str:
    """The slice a header describes, or why it is not one, in words. Unreadable when it contradicts itself."""
    why = why_not_ct(raw) or why_not_hu(raw)
    if why:
        return why
    if raw.pixel_offset is None:
        return "no pixel data"
    pixels = read_pixels(raw)
    orientation, position = _orientation(raw), numbers(raw, tags.POSITION, 3)
    if orientation is None or position is None:
        return "no position in the patient"
    if max(abs(value) for value in position) > MAX_POSITION_MM:
        return "an absurd position in the patient"
    rows_mm, columns_mm = numbers(raw, tags.PIXEL_SPACING, 2) or (0.0, 0.0)
    if not all(MIN_PIXEL_MM <= value <= MAX_PIXEL_MM for value in (rows_mm, columns_mm)):
        return "no usable pixel spacing"
    if max(rows_mm, columns_mm) > MAX_PIXEL_STRETCH * min(rows_mm, columns_mm):
        return f"pixels of {rows_mm:g} x {columns_mm:g} mm, which no CT has"
    return Slice(
        raw=raw,
        frame=frame,
        pixels=pixels,
        series_uid=text(raw, tags.SERIES_UID) or "",
        sop_uid=text(raw, tags.SOP_UID) or "",
        instance_number=int(optional_number(raw, tags.INSTANCE_NUMBER) or 0),
        spacing_mm=(rows_mm, columns_mm),
        orientation=orientation,
        position_mm=(position[0], position[1], position[2]),
        image_type=texts(raw, tags.IMAGE_TYPE),
    )


def why_not_ct(raw: RawHeader) -> str:
    """Why the object is no CT image; empty when it is one."""
    modality = (text(raw, tags.MODALITY) or "").upper()
    sop_class = text(raw, tags.SOP_CLASS) or ""
    if sop_class == DICOMDIR:
        return "a DICOMDIR (the files themselves are read)"
    if sop_class == DOSE_REPORT:
        return "a dose report"
    if modality in FILMS:
        return f"{NAMES[modality]}, not CT: films are measured in the patient's record"
    if modality != "CT":
        return f"{NAMES.get(modality, 'another kind of object')}, not CT"
    if sop_class and sop_class not in (CT_IMAGE, *MULTIFRAME):
        return "a secondary capture or another object filed as CT"
    return ""


def why_not_hu(raw: RawHeader) -> str:
    """Why a CT image holds no cross-section in Hounsfield units; empty when it does."""
    words = {word.upper() for word in (*texts(raw, tags.IMAGE_TYPE), *texts(raw, tags.FRAME_TYPE))}
    if words & SURVEY_WORDS:
        return "a localizer"
    if words & PICTURE_WORDS:
        return "a picture (projection or screen capture)"
    if words & MAP_WORDS:
        return "a material map, not Hounsfield units"
    if integer(raw, tags.SAMPLES, 1) != 1:
        return "a colour picture"
    if (text(raw, tags.RESCALE_TYPE) or "").upper() not in HU_TYPES:
        return "values that are not Hounsfield units"
    return ""


def read_pixels(raw: RawHeader, *, most_side: int = MAX_SIDE_PIXELS) -> Pixels:
    """How the pixels are stored; Unreadable when the header contradicts itself or the file's length."""
    rows, columns = integer(raw, tags.ROWS), integer(raw, tags.COLUMNS)
    allocated = integer(raw, tags.BITS_ALLOCATED)
    stored = integer(raw, tags.BITS_STORED, allocated)
    high = integer(raw, tags.HIGH_BIT, stored - 1)
    frames = integer(raw, tags.FRAMES, 1)
    if not (1 < rows <= most_side and 1 < columns <= most_side and 1 <= frames <= 100_000):
        raise Unreadable("its header gives an absurd image size")
    if allocated not in (8, 16, 32) or not 1 < stored <= allocated or not stored - 1 <= high < allocated:
        raise Unreadable("its header gives an absurd pixel depth")
    need = rows * columns * frames * allocated // 8
    if raw.pixel_length != UNDEFINED and (raw.pixel_length < need or (raw.pixel_offset or 0) + need > raw.entry.size):
        raise Unreadable("the pixel data are cut short")
    slope, intercept = number(raw, tags.SLOPE), number(raw, tags.INTERCEPT)
    if slope == 0 or abs(slope or 1) > 1e4 or abs(intercept or 0) > 1e6:
        raise Unreadable("its header gives an absurd rescale")
    return Pixels(
        rows=rows,
        columns=columns,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high,
        signed=integer(raw, tags.PIXEL_REPRESENTATION, 0) == 1,
        photometric=(text(raw, tags.PHOTOMETRIC) or "MONOCHROME2").upper(),
        frames=frames,
        slope=1.0 if slope is None else slope,
        intercept=intercept or 0.0,
        padding=_padding(raw),
    )


def _padding(raw: RawHeader) -> tuple[int, int] | None:
    """First and last padding value as stored; text (some writers use it) counts too."""
    value = optional_number(raw, tags.PADDING)
    if value is None:
        return None
    limit = optional_number(raw, tags.PADDING_LIMIT)
    return int(value), int(value if limit is None else limit)


def _orientation(raw: RawHeader) -> tuple[float, ...] | None:
    """Six direction cosines, made unit length; None when absent, Unreadable when they are not two right angles."""
    found = numbers(raw, tags.ORIENTATION, 6)
    if found is None:
        return None
    row, column = np.array(found[:3]), np.array(found[3:])
    lengths = np.linalg.norm(row), np.linalg.norm(column)
    if not all(0.99 < length < 1.01 for length in lengths) or abs(row @ column) > 0.01:
        raise Unreadable("its header gives an absurd orientation")
    return tuple(float(value) for value in np.concatenate([row / lengths[0], column / lengths[1]]))


def kernel_of(raw: RawHeader) -> str | None:
    """Reconstruction kernel as written, its parts joined by a space."""
    return re.sub(r"\s*\\\s*", " ", text(raw, tags.KERNEL) or "") or None
