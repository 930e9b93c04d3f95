"""Photographs: nothing but pixels is kept, bombs and other files are refused, and marks give an area with its interval."""

from __future__ import annotations

import io
import math
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from calciscope.record.actions.identity import erase_identity
from calciscope.record.actions.photographs import add_photograph
from calciscope.record.actions.visits import sign_visit
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.permissions import Role
from calciscope.record.photographs.area import COVERAGE, POINTING_SHARE, RULER_READING_MM, Marks, measured_area
from calciscope.record.photographs.cleaning import LARGEST_BYTES, LONGEST_SIDE_PX, cleaned, shrunk
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.photographs import photograph_picture
from calciscope.record.refusals import Invalid
from calciscope.terms.errors import NotAllowed, Refused

SAID = {"taken_on": "2026-11-02", "region": "elbow", "side": "left", "pose": "flexed"}
SECRET = b"48.1351N 11.5820E Jane Doe"


def picture(width: int = 400, height: int = 200, *, kind: str = "JPEG", orientation: int = 1, **more) -> bytes:
    """Left half red, right half blue, with everything a camera writes beside it."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif[0x9286] = SECRET.decode()
    held = io.BytesIO()
    image.save(held, kind, exif=exif, comment=SECRET, **more) if kind == "JPEG" else image.save(held, kind, exif=exif)
    return held.getvalue()


def test_nothing_but_pixels_is_kept() -> None:
    whole = picture()
    assert SECRET in whole
    clean = cleaned(whole + SECRET)
    assert SECRET not in clean.jpeg
    with Image.open(io.BytesIO(clean.jpeg)) as kept:
        assert not kept.getexif()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert cleaned(whole).jpeg == cleaned(whole).jpeg


def test_a_png_loses_its_texts_and_its_transparency() -> None:
    image = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    held = io.BytesIO()
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", SECRET.decode())
    image.save(held, "PNG", pnginfo=info)
    clean = cleaned(held.getvalue())
    assert SECRET not in clean.jpeg
    with Image.open(io.BytesIO(clean.jpeg)) as kept:
        assert kept.getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (400, 200), (50, 100)), (3, (400, 200), (350, 100)), (6, (200, 400), (100, 50)), (8, (200, 400), (100, 350))],
)
def test_a_picture_is_turned_upright(orientation: int, size: tuple[int, int], red_at: tuple[int, int]) -> None:
    clean = cleaned(picture(orientation=orientation))
    assert (clean.width_px, clean.height_px) == size
    with Image.open(io.BytesIO(clean.jpeg)) as kept:
        red, _, blue = kept.getpixel(red_at)
        assert red > 200 and blue < 60


def test_a_large_picture_is_shrunk_and_a_small_copy_smaller_still() -> None:
    clean = cleaned(picture(5000, 2500))
    assert (clean.width_px, clean.height_px) == (LONGEST_SIDE_PX, LONGEST_SIDE_PX // 2)
    with Image.open(io.BytesIO(shrunk(clean.jpeg, 480))) as small:
        assert small.size == (480, 240)


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("whole", "says"),
    [
        (png_of(50_000, 50_000), "million pixels"),
        (png_of(12_000, 12_000), "million pixels"),
        (png_of(30, 300), "less than 64 pixels"),
        (png_of(200, 200), "cannot be read to its end"),
        (picture()[:600], "JPEG"),
        (b"", "neither a JPEG nor a PNG"),
        (b"GIF89a" + b"\0" * 100, "neither a JPEG nor a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither a JPEG nor a PNG"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
        (b"\xff" * (LARGEST_BYTES + 1), "larger than"),
    ],
    ids=["bomb", "too-large", "tiny", "broken-off", "head-alone", "empty", "gif", "svg", "heic", "too-many-bytes"],
)
def test_what_is_no_picture_or_a_bomb_is_refused_with_the_reason(whole: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        cleaned(whole)


RULER = ((100.0, 1000.0), (1100.0, 1000.0))  # 1000 px for 50 mm


def circle(radius: float, corners: int = 200) -> list[tuple[float, float]]:
    turns = [2 * math.pi * k / corners for k in range(corners)]
    return [(1000 + radius * math.cos(t), 700 + radius * math.sin(t)) for t in turns]


def area(outline, *, ruler=RULER, ruler_mm: float = 50.0):
    return measured_area(Marks(ruler=ruler, ruler_mm=ruler_mm, outline=outline), width_px=2000, height_px=1500)


def test_a_square_and_a_circle_have_their_areas() -> None:
    square = area([(500, 500), (900, 500), (900, 900), (500, 900)])
    assert square.mm_per_pixel == 0.05
    assert square.area_mm2 == 400.0
    round_one = area(circle(200))
    assert round_one.area_mm2 == pytest.approx(math.pi * 10**2, rel=0.001)
    assert round_one.lower_mm2 < round_one.area_mm2 < round_one.upper_mm2


def test_the_interval_is_what_a_shaky_hand_gives() -> None:
    """Against a simulation: points and ruler reading drawn anew 4000 times."""
    chance = np.random.default_rng(3)
    outline = np.array(circle(150, 24))
    found = area([tuple(point) for point in outline])
    sigma = POINTING_SHARE * 2000
    areas = []
    for _ in range(4000):
        shaken = outline + chance.normal(0, sigma, outline.shape)
        ends = np.array(RULER) + chance.normal(0, sigma, (2, 2))
        scale = (50 + chance.normal(0, RULER_READING_MM)) / np.linalg.norm(ends[0] - ends[1])
        x, y = shaken.T
        areas.append(0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) * scale**2)
    spread = (found.upper_mm2 - found.lower_mm2) / (2 * COVERAGE)
    assert spread == pytest.approx(np.std(areas), rel=0.06)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outline": [(0, 0), (100, 100), (100, 0), (0, 100)]}, "outline"),
        ({"outline": [(0, 0), (10, 10)]}, "outline"),
        ({"outline": [(0, 0), (50, 50), (100, 100)]}, "outline"),
        ({"outline": [(0, 0), (3000, 0), (0, 100)]}, "outline"),
        ({"outline": circle(100), "ruler": ((5.0, 5.0), (15.0, 5.0))}, "ruler"),
        ({"outline": circle(100), "ruler_mm": 0.0}, "ruler_mm"),
        ({"outline": circle(100), "ruler_mm": 900.0}, "ruler_mm"),
    ],
)
def test_marks_that_give_no_area_are_refused_at_their_field(given, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        area(**given)
    assert field in {problem.field for problem in refused.value.problems}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def test_a_photograph_is_kept_privately_and_read_through_the_scope_alone(
    doctor, people, patient, visit, folder
) -> None:
    uid = add_photograph(by=doctor, patient=patient, visit=visit, picture=picture(), said=SAID)
    (file,) = [path for path in folder.rglob("*") if path.is_file()]
    assert len(file.stem) == 64
    assert file.stat().st_mode & 0o077 == 0
    whole = photograph_picture(by=doctor, patient=patient, uid=uid)
    assert whole == file.read_bytes()
    assert AuditEvent.unscoped.order_by("-number")[0].name == "photograph_picture"
    (fact,) = [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "photograph"]
    assert (fact.data["width_px"], fact.data["height_px"]) == (400, 200)
    with pytest.raises(NotAllowed):
        photograph_picture(by=people(Role.RHEUMATOLOGIST, name="stranger"), patient=patient, uid=uid)


@pytest.mark.parametrize("broken", [{"region": "nowhere"}, {"taken_on": "2999-01-01"}])
def test_nothing_is_left_of_a_photograph_that_could_not_be_recorded(doctor, patient, visit, folder, broken) -> None:
    with pytest.raises(Invalid):
        add_photograph(by=doctor, patient=patient, visit=visit, picture=picture(), said=SAID | broken)
    sign_visit(by=doctor, patient=patient, visit=visit)
    with pytest.raises(Refused):
        add_photograph(by=doctor, patient=patient, visit=visit, picture=picture(), said=SAID)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_erasing_the_identity_erases_the_pictures(
    doctor, people, patient, visit, folder, django_capture_on_commit_callbacks
) -> None:
    uid = add_photograph(by=doctor, patient=patient, visit=visit, picture=picture(), said=SAID)
    with django_capture_on_commit_callbacks(execute=True):
        erase_identity(by=people(Role.OFFICER), patient=patient, reason="The patient has asked for it")
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    with pytest.raises(Refused, match="was erased"):
        photograph_picture(by=doctor, patient=patient, uid=uid)
