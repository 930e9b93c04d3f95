"""A radiograph or an ultrasound image out of one DICOM file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np

from calciscope.read import tags
from calciscope.read.acquisition import EXAMINED
from calciscope.read.elements import DEFLATED_LE, UNDEFINED, RawHeader
from calciscope.read.films.colour import LEAST_FLOW, colourfulness, share_of_flow
from calciscope.read.films.frames import first_shown, kept_frames, thinned
from calciscope.read.films.polarity import Polarity, polarity_of
from calciscope.read.films.regions import calibrated_regions, why_no_region
from calciscope.read.films.scale import NOT_SAID, radiograph_scale
from calciscope.read.films.shades import (
    Values,
    as_shades,
    averaged,
    brightness,
    density,
    stored_values,
    without_padding,
)
from calciscope.read.films.shown import shown_window
from calciscope.read.films.where import region_of, side_of
from calciscope.read.foreign import load_pydicom, parsing
from calciscope.read.header import NAMES, Pixels, read_pixels
from calciscope.read.limits import KEPT_FILM_SIDE_PIXELS, MAX_FILM_PIXELS, MAX_FILM_SIDE_PIXELS, MIN_FILM_SIDE_PIXELS
from calciscope.read.values import day, integer, text
from calciscope.terms.errors import Refused
from calciscope.terms.film import CalibratedRegion, Film, FilmIdentity, FilmKind, Frame, Shades

RADIOGRAPHS = ("CR", "DX", "RG", "RF", "XA", "PX", "IO", "OT", "SC")
GREY, COLOUR = ("MONOCHROME1", "MONOCHROME2"), ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
FIRST_OVERLAY, LAST_OVERLAY = 0x6000, 0x601E  # groups of overlays
CT_GOES = "This is a CT image; send it on the patient's imaging page or give it to `calciscope measure`, where mass is measured."
BURNED_IN = "The file says that writing is burned into its pixels; look whether it names the patient."
LOOKS_TURNED = "By its look dense is dark on this film, though the file says otherwise; look, and turn it if so."
FLOW = (
    "Colours (flow, or its twinkling) are shown as grey: lengths hold, but no outline follows the edge of tissue there."
)
OVERLAYS_DROPPED = "Drawings that lay over the image were left out."
TURNED = "Dark and bright were turned, so that dense is bright."
OUTSIDE_BLANKED = "What lay outside the calibrated regions, where names stand, was left out."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Image:
    """What the pixels give: ``shades`` [frame, row, column] of the frames that are kept."""

    shades: Shades
    numbers: tuple[int, ...]
    window: tuple[int, int]
    notes: tuple[str, ...]


def dicom_film(raw: RawHeader) -> Film:
    """The film of a header whose file is in memory; Refused in one sentence, Unreadable where the file is damaged."""
    modality = (text(raw, tags.MODALITY) or "").upper()
    if modality == "CT":
        raise Refused(CT_GOES)
    kind = FilmKind.ULTRASOUND if modality == "US" else FilmKind.RADIOGRAPH
    if modality not in (*RADIOGRAPHS, "US"):
        what = NAMES.get(modality, "another kind of object")
        raise Refused(f"This is {what}, no radiograph and no ultrasound image; only those are measured here.")
    if raw.pixel_offset is None:
        raise Refused("This DICOM file holds no image.")
    pixels, samples = _described(raw)
    data = _parsed(raw)
    with parsing("its header is damaged"):
        return _film(raw, pixels, samples=samples, data=data, kind=kind)


def _film(raw: RawHeader, pixels: Pixels, *, samples: int, data: Any, kind: FilmKind) -> Film:
    """The film itself; pydicom may find fault with any value that is asked for."""
    is_ultrasound = kind is FilmKind.ULTRASOUND
    regions, notes = calibrated_regions(data, pixels.rows, pixels.columns) if is_ultrasound else ((), ())
    scale = None if is_ultrasound else radiograph_scale(data)
    image = _image(raw, pixels, samples=samples, data=data, kind=kind, regions=regions)
    factor = -(-max(pixels.rows, pixels.columns) // KEPT_FILM_SIDE_PIXELS)
    frames = tuple(
        Frame(number=number, shades=averaged(one, factor) if factor > 1 else one)
        for number, one in zip(image.numbers, image.shades, strict=True)
    )
    first = first_shown(data, image.numbers)
    return Film(
        kind=kind,
        shades=frames[first].shades,
        frames=frames if len(frames) > 1 else (),
        window=image.window,
        scale=scale.scaled(factor) if scale else None,
        no_scale="" if scale or regions else why_no_region(data) if is_ultrasound else NOT_SAID,
        regions=tuple(_shrunk(region, factor) for region in regions),
        taken_on=_taken_on(raw),
        region=region_of(data),
        side=side_of(data),
        view=(text(raw, tags.VIEW_POSITION) or "")[:16],
        image_uid=_uid(raw),
        notes=(*notes, *image.notes),
        identity=_identity(raw, data),
    )


def _described(raw: RawHeader) -> tuple[Pixels, int]:
    """How the pixels are stored, held against the limits before any is touched."""
    pixels = read_pixels(raw, most_side=MAX_FILM_SIDE_PIXELS)
    samples = integer(raw, tags.SAMPLES, 1)
    if pixels.rows * pixels.columns > MAX_FILM_PIXELS:
        raise Refused(f"The image has more than {MAX_FILM_PIXELS // 1_000_000} million pixels; export it smaller.")
    if min(pixels.rows, pixels.columns) < MIN_FILM_SIDE_PIXELS:
        raise Refused(
            f"The image is less than {MIN_FILM_SIDE_PIXELS} pixels wide or high; nothing can be measured on it."
        )
    known = GREY + ("PALETTE COLOR",) if samples == 1 else COLOUR
    if samples not in (1, 3) or pixels.photometric not in known:
        raise Refused("The colours of this image are stored in a way this program does not read; export it as grey.")
    if samples == 3 and pixels.bits_allocated != 8:
        raise Refused("This colour image has more than 8 bits a colour; export it with 8.")
    return pixels, samples


def _parsed(raw: RawHeader) -> Any:
    """The header with its sequences; a deflated one was inflated within bounds before."""
    pydicom = load_pydicom()
    with parsing("its header is damaged"), raw.entry.opened() as stream:  # type: ignore[attr-defined]
        if raw.syntax == DEFLATED_LE:
            stream = BytesIO(b"\0" * 128 + b"DICM" + raw.entry.whole())
        return pydicom.dcmread(stream, stop_before_pixels=True, force=True)


def _image(
    raw: RawHeader, pixels: Pixels, *, samples: int, data: Any, kind: FilmKind, regions: tuple[CalibratedRegion, ...]
) -> _Image:
    kept = kept_frames(pixels)
    notes = [thinned(pixels.frames, len(kept))] if len(kept) < pixels.frames else []
    frames = np.empty((len(kept), pixels.rows, pixels.columns), dtype=np.float32)
    covered = _covered(regions, pixels) if regions else None
    turned, flow = False, 0.0
    for place, number in enumerate(kept):
        values, turned, coloured = _frame(raw, pixels, number - 1, samples=samples, data=data)
        flow = max(flow, share_of_flow(coloured, covered))
        frames[place] = values if covered is None else np.where(covered, values, values[covered].min())
    if turned:
        notes.append(TURNED)
    if covered is not None and not covered.all():
        notes.append(OUTSIDE_BLANKED)
    if flow > LEAST_FLOW:
        notes.append(FLOW)
    if (text(raw, tags.BURNED_IN) or "").upper() == "YES" and not regions:
        notes.append(BURNED_IN)
    if any(FIRST_OVERLAY <= tag.group <= LAST_OVERLAY for tag in data.keys()):
        notes.append(OVERLAYS_DROPPED)
    window = None if kind is FilmKind.ULTRASOUND else shown_window(data, turned=turned)
    shades, shown = as_shades(frames, window)
    if kind is FilmKind.RADIOGRAPH and polarity_of(shades[0]) is Polarity.DENSE_DARK:
        notes.append(LOOKS_TURNED)
    ends = (0, int(shades.max())) if regions else shown
    return _Image(shades=shades, numbers=kept, window=ends, notes=tuple(notes))


def _frame(raw: RawHeader, pixels: Pixels, frame: int, *, samples: int, data: Any) -> tuple[Values, bool, Any]:
    """Density or brightness of one frame, whether its sign was turned, and how coloured each pixel is (None: grey)."""
    planar = integer(raw, tags.PLANAR, 0) == 1
    stored = stored_values(raw, pixels, samples=samples, planar=planar, frame=frame)
    if pixels.photometric in GREY:
        values, turned = density(stored, pixels, data)
        return without_padding(values, stored, pixels), turned, None
    values = brightness(stored, pixels, data, decoded=raw.pixel_length == UNDEFINED)
    return values, False, colourfulness(stored, pixels, decoded=raw.pixel_length == UNDEFINED)


def _covered(regions: tuple[CalibratedRegion, ...], pixels: Pixels) -> Any:
    covered = np.zeros((pixels.rows, pixels.columns), dtype=bool)
    for region in regions:
        covered[region.top : region.bottom + 1, region.left : region.right + 1] = True
    return covered


def _shrunk(region: CalibratedRegion, factor: int) -> CalibratedRegion:
    if factor == 1:
        return region
    return CalibratedRegion(
        left=-(-region.left // factor),
        top=-(-region.top // factor),
        right=region.right // factor - 1,
        bottom=region.bottom // factor - 1,
        scale=region.scale.scaled(factor),
    )


def _taken_on(raw: RawHeader) -> date | None:
    found = day(raw, *EXAMINED)
    return found if found and found.year >= 1900 else None


def _uid(raw: RawHeader) -> str:
    found = text(raw, tags.SOP_UID) or ""
    return found if len(found) <= 64 and found.replace(".", "").isdigit() else ""


def _identity(raw: RawHeader, data: Any) -> FilmIdentity:
    name = str(data.get("PatientName", "")).replace("^", " ").strip()
    return FilmIdentity(name=name, born_on=day(raw, tags.BIRTH_DATE), number=text(raw, tags.PATIENT_ID) or "")
