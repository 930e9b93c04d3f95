"""A photograph as it may be kept: upright, sRGB, pixels alone. Whatever else the file held (place, time, camera, thumbnail) is gone.

The picture is decoded and encoded anew, so that nothing but its pixels can come through.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from calciscope.terms.errors import Refused

LARGEST_BYTES = 18_000_000  # judgement: a telephone's photograph is 2 to 12 MB; one request may hold 20 MB in all
MOST_PIXELS = 80_000_000  # judgement: above any telephone's usual picture; 240 MB unpacked
LEAST_SIDE_PX = 64  # judgement: below it nothing of the skin is seen
LONGEST_SIDE_PX = 3000  # judgement: 0.1 mm a pixel for a part of the body of 30 cm
JPEG_QUALITY = 90
FORMATS = ("JPEG", "PNG")
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
TOO_MANY_PIXELS = f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels; save it smaller."
UNREADABLE = "This picture cannot be read to its end; take or save it anew as JPEG or PNG."


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPicture:
    """JPEG bytes without any metadata, and the size of the picture as it is to be looked at."""

    jpeg: bytes
    width_px: int
    height_px: int


def cleaned(whole: bytes) -> CleanPicture:
    """Decode, turn upright, shrink to ``LONGEST_SIDE_PX`` and encode anew. Refused where it is no JPEG or PNG, or too large."""
    if len(whole) > LARGEST_BYTES:
        raise Refused(f"The picture is larger than {LARGEST_BYTES // 1_000_000} MB; save it smaller.")
    if whole[4:8] == b"ftyp" and whole[8:12] in HEIC_BRANDS:
        raise Refused(
            "This is a HEIC picture; save or send it as JPEG (on an iPhone: Camera, Formats, Most compatible)."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is our own, and lower
            with Image.open(io.BytesIO(whole), formats=FORMATS) as opened:
                _size_is_possible(opened.size)
                opened.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))  # a large JPEG is unpacked at half its size
                return _encoded(_pixels(opened))
    except Image.DecompressionBombError:
        raise Refused(TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise Refused("This is neither a JPEG nor a PNG picture.") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused(UNREADABLE) from None


def shrunk(jpeg: bytes, longest_px: int) -> bytes:
    """A small copy of a kept picture, for lists."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        opened.draft("RGB", (longest_px, longest_px))
        small = opened.convert("RGB")
    small.thumbnail((longest_px, longest_px))
    return _encoded(small).jpeg


def _size_is_possible(size: tuple[int, int]) -> None:
    """From the header alone, before anything is unpacked."""
    if size[0] * size[1] > MOST_PIXELS:
        raise Refused(TOO_MANY_PIXELS)
    if min(size) < LEAST_SIDE_PX:
        raise Refused(f"The picture is less than {LEAST_SIDE_PX} pixels wide or high.")


def _pixels(opened: Image.Image) -> Image.Image:
    profile = opened.info.get("icc_profile")
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        whole = upright.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        upright = Image.alpha_composite(ground, whole).convert("RGB")
    return _in_srgb(upright, profile if isinstance(profile, bytes) else b"")


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Colours as every screen shows them: redness is judged. A profile that cannot be read is left out of account."""
    if profile and picture.mode == "RGB":
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            turned = None
        if turned is not None:
            return turned
    return picture.convert("RGB")


def _encoded(picture: Image.Image) -> CleanPicture:
    bare = Image.frombytes(
        "RGB", picture.size, picture.tobytes()
    )  # a picture that never knew of the file's other parts
    held = io.BytesIO()
    bare.save(held, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    return CleanPicture(jpeg=held.getvalue(), width_px=bare.width, height_px=bare.height)
