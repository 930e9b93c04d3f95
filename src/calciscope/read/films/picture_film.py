"""A radiograph or an ultrasound image that was exported or photographed as PNG or JPEG: it has no scale until a ruler is drawn."""

from __future__ import annotations

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from calciscope.read.films.polarity import Polarity, polarity_of
from calciscope.read.films.scale import NOT_SAID
from calciscope.read.films.shades import LUMINANCE, as_shades, averaged
from calciscope.read.foreign import Unreadable, parsing
from calciscope.read.limits import KEPT_FILM_SIDE_PIXELS, MAX_FILM_PIXELS, MAX_FILM_SIDE_PIXELS, MIN_FILM_SIDE_PIXELS
from calciscope.terms.errors import Refused
from calciscope.terms.film import Film, FilmKind, Shades, turned, turned_window

FORMATS = ("JPEG", "PNG")
DEEP_GREY = ("I", "I;16", "I;16B", "I;16L", "F")

SAID = {
    Polarity.DENSE_DARK: "By its look dense was dark here, so dark and bright were turned; look, and turn it back if that is wrong.",
    Polarity.NOT_CLEAR: "Whether dense is bright is not said by the file and not clear by the look; look, and turn it if not.",
}


def picture_film(whole: bytes, kind: FilmKind) -> Film | None:
    """The film of a PNG or JPEG file; None where it is neither. Refused where it is too large, Unreadable where broken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limits below are our own, and lower
        opened = _opened(whole)
        if opened is None:
            return None
        with opened:
            _size_is_possible(opened.size)
            with parsing("its pixels are damaged"):
                values = _values(opened)
    shades, window = as_shades(values, None)
    factor = -(-max(shades.shape) // KEPT_FILM_SIDE_PIXELS)
    kept: Shades = averaged(shades, factor) if factor > 1 else shades
    if kind is not FilmKind.RADIOGRAPH:
        return Film(kind=kind, shades=kept, window=window, no_scale=NOT_SAID)
    looks = polarity_of(kept)
    if looks is Polarity.DENSE_DARK:
        kept, window = turned(kept), turned_window(window)
    notes = (SAID[looks],) if looks in SAID else ()
    return Film(kind=kind, shades=kept, window=window, no_scale=NOT_SAID, notes=notes)


def _opened(whole: bytes) -> Image.Image | None:
    try:
        with parsing("its head is damaged"):
            try:
                return Image.open(io.BytesIO(whole), formats=FORMATS)
            except UnidentifiedImageError:
                return None
    except Image.DecompressionBombError:
        raise Unreadable("it claims more pixels than any film has") from None


def _size_is_possible(size: tuple[int, int]) -> None:
    """From the header alone, before anything is unpacked."""
    if size[0] * size[1] > MAX_FILM_PIXELS or max(size) > MAX_FILM_SIDE_PIXELS:
        raise Refused(f"The picture has more than {MAX_FILM_PIXELS // 1_000_000} million pixels; save it smaller.")
    if min(size) < MIN_FILM_SIDE_PIXELS:
        raise Refused(
            f"The picture is less than {MIN_FILM_SIDE_PIXELS} pixels wide or high; nothing can be measured on it."
        )


def _values(opened: Image.Image) -> np.ndarray:
    """Brightness, upright, float32 [row, column]; what is transparent is black."""
    upright = ImageOps.exif_transpose(opened)
    if upright.mode in DEEP_GREY:
        return np.asarray(upright, dtype=np.float32)
    if upright.mode in ("1", "L"):
        return np.asarray(upright.convert("L"), dtype=np.float32)
    whole = np.asarray(upright.convert("RGBA"), dtype=np.float32)
    return (whole[:, :, :3] @ LUMINANCE) * (whole[:, :, 3] / 255.0)
