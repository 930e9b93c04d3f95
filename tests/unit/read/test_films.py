"""Radiographs and ultrasound images: shades that rise with density, a scale only where the file gives one, refusals in words."""

from __future__ import annotations

import io
import math
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset

from calciscope.read.films.read_film import read_film
from calciscope.read.films.scale import UNKNOWN_FROM, UNKNOWN_TO
from calciscope.terms.errors import Refused
from calciscope.terms.film import FilmKind, ScaleBasis, scale_at
from tests.unit.read import dicom_maker
from tests.unit.read.film_maker import coloured, limb, picture, radiograph, region, sequence, ultrasound

DEPOSIT, BESIDE, BONE = (60, 30), (100, 30), (100, 60)  # row, column


def is_dense_bright(film) -> bool:
    shades = film.shades
    return shades[BESIDE] < shades[DEPOSIT] and shades[BESIDE] < shades[BONE] and shades[5, 2] < shades[BESIDE]


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"PhotometricInterpretation": "MONOCHROME1"},
        {"RescaleSlope": "-2", "RescaleIntercept": "100", "PhotometricInterpretation": "MONOCHROME2", "flip": True},
        {"syntax": dicom_maker.RLE},
        {"syntax": dicom_maker.J2K_LOSSLESS},
        {"syntax": dicom_maker.JPEG_LOSSLESS_SV1},
        {"syntax": dicom_maker.DEFLATED},
        {"syntax": dicom_maker.BIG},
    ],
)
def test_what_is_dense_is_bright_however_it_is_stored(tags) -> None:
    shade = 1 - limb() if tags.pop("flip", False) else limb()
    film = read_film(radiograph(shade, **tags))
    assert film.kind is FilmKind.RADIOGRAPH
    assert is_dense_bright(film)
    assert film.window[0] < film.window[1]


def test_a_raw_detector_image_is_taken_by_its_sign_and_its_logarithm() -> None:
    counts = np.exp(-3 * limb())
    film = read_film(
        radiograph(
            counts,
            PresentationIntentType="FOR PROCESSING",
            PixelIntensityRelationship="LIN",
            PixelIntensityRelationshipSign=1,
        )
    )
    assert is_dense_bright(film)
    plain = read_film(radiograph())
    bone, soft, deposit = (
        (film.shades[at].astype(float) - film.shades[5, 2]) / (plain.shades[at].astype(float) - plain.shades[5, 2])
        for at in (BONE, BESIDE, DEPOSIT)
    )
    assert bone == pytest.approx(soft, rel=0.02) and deposit == pytest.approx(soft, rel=0.02)


def test_a_modality_table_is_applied_and_a_window_is_not_measured_through() -> None:
    table = Dataset()
    table.LUTDescriptor, table.LUTData = [4096, 0, 16], np.arange(4095, -1, -1).astype("<u2").tobytes()
    film = read_film(radiograph(1 - limb(), ModalityLUTSequence=[table]))
    assert is_dense_bright(film)
    narrow = read_film(radiograph(WindowCenter="1200", WindowWidth="400"))
    assert (narrow.shades == read_film(radiograph()).shades).all()
    assert narrow.window != read_film(radiograph()).window


@pytest.mark.parametrize(
    ("tags", "mm", "basis"),
    [
        ({}, 0.2 / 1.1, ScaleBasis.DETECTOR),
        ({"EstimatedRadiographicMagnificationFactor": "1.25"}, 0.16, ScaleBasis.MAGNIFICATION_STATED),
        (
            {"DistanceSourceToDetector": "1100", "DistanceSourceToPatient": "1000"},
            0.2 / 1.1,
            ScaleBasis.MAGNIFICATION_STATED,
        ),
        ({"EstimatedRadiographicMagnificationFactor": "11"}, 0.2 / 1.1, ScaleBasis.DETECTOR),
        ({"PixelSpacing": [0.2, 0.2]}, 0.2 / 1.1, ScaleBasis.DETECTOR),
        ({"PixelSpacing": [0.15, 0.15]}, 0.15, ScaleBasis.AT_OBJECT),
        ({"PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "FIDUCIAL"}, 0.2, ScaleBasis.AT_OBJECT),
        ({"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": None}, 0.2 / 1.1, ScaleBasis.DETECTOR),
    ],
)
def test_the_size_of_a_pixel_in_the_patient(tags, mm, basis) -> None:
    scale = read_film(radiograph(**tags)).scale
    assert scale is not None
    assert (scale.x_mm, scale.y_mm) == pytest.approx((mm, mm))
    assert scale.basis is basis


def test_unknown_magnification_is_an_uncertainty_and_not_a_certainty() -> None:
    unknown, stated = (
        read_film(radiograph(**tags)).scale for tags in ({}, {"EstimatedRadiographicMagnificationFactor": "1.1"})
    )
    assert unknown and stated
    spread = np.random.default_rng(1).uniform(UNKNOWN_FROM, UNKNOWN_TO, 100_000)
    assert unknown.relative_uncertainty == pytest.approx(spread.std() / spread.mean(), rel=0.01)
    assert stated.relative_uncertainty < 0.5 * unknown.relative_uncertainty


@pytest.mark.parametrize(
    "tags",
    [
        {"ImagerPixelSpacing": None},
        {"ImagerPixelSpacing": [0.0, 0.0]},
        {"ImagerPixelSpacing": [40.0, 40.0]},
        {"ImagerPixelSpacing": None, "PixelSpacing": [1.0, 1.0], "Modality": "OT"},
    ],
)
def test_without_a_usable_size_a_ruler_is_asked_for(tags) -> None:
    film = read_film(radiograph(**tags))
    assert film.scale is None
    assert "ruler" in film.no_scale
    with pytest.raises(Refused, match="ruler"):
        scale_at(((1.0, 1.0),), scale=None, regions=(), no_scale=film.no_scale)


def test_what_the_header_says_is_filled_in_and_the_name_is_for_the_comparison_alone() -> None:
    film = read_film(radiograph())
    assert (film.region, film.side, film.view) == ("forearm", "left", "AP")
    assert film.taken_on is not None and film.taken_on.isoformat() == "2024-03-07"
    assert (film.identity.name, film.identity.number) == ("Example Ada", "H-0001")
    told = read_film(radiograph(BodyPartExamined="EXTREMITY", ImageLaterality=None, SeriesDescription="Knee AP right"))
    assert (told.region, told.side) == ("knee", "right")


def test_an_ultrasound_region_gives_lengths_inside_it_alone() -> None:
    film = read_film(ultrasound())
    assert film.kind is FilmKind.ULTRASOUND
    (held,) = film.regions
    assert (held.scale.x_mm, held.scale.y_mm) == pytest.approx((0.1, 0.1))
    assert film.shades[5, 5] == 0, "names stand outside the region"
    inside = scale_at(((60.0, 50.0), (99.0, 50.0)), scale=film.scale, regions=film.regions)
    assert inside.basis is ScaleBasis.REGION
    with pytest.raises(Refused, match="outside the calibrated region"):
        scale_at(((60.0, 50.0), (5.0, 50.0)), scale=film.scale, regions=film.regions)


@pytest.mark.parametrize(
    "tags",
    [
        {"PhysicalUnitsXDirection": 4},
        {"RegionSpatialFormat": 3},
        {"RegionDataType": 4},
        {"PhysicalDeltaX": 0.0},
        {"PhysicalDeltaX": math.inf},
        {"RegionLocationMaxX1": 21},
    ],
    ids=["seconds", "a trace", "a spectrum", "no size", "endless", "a sliver"],
)
def test_other_regions_give_no_length(tags) -> None:
    film = read_film(ultrasound(regions=[region(**tags)]))
    assert film.regions == ()
    assert "no calibrated region" in film.no_scale or "no usable size" in film.no_scale


def test_a_region_of_tissue_without_units_says_so_and_pixels_need_not_be_square() -> None:
    assert "no usable size" in read_film(ultrasound(regions=[region(PhysicalUnitsXDirection=0)])).no_scale
    assert "no calibrated region" in read_film(ultrasound(regions=[])).no_scale
    (oblong,) = read_film(ultrasound(regions=[region(PhysicalDeltaY=0.02)])).regions
    assert (oblong.scale.x_mm, oblong.scale.y_mm) == pytest.approx((0.1, 0.2))


def test_each_of_several_regions_has_its_own_scale_and_none_where_unlike_ones_overlap() -> None:
    beside = region(RegionLocationMaxX1=70), region(RegionLocationMinX0=75, PhysicalDeltaX=0.03, PhysicalDeltaY=0.03)
    left, right = read_film(ultrasound(regions=list(beside))).regions
    held = scale_at(((80.0, 50.0), (99.0, 50.0)), scale=None, regions=(left, right))
    assert held.x_mm == pytest.approx(0.3)
    with pytest.raises(Refused, match="lie in two"):
        scale_at(((60.0, 50.0), (99.0, 50.0)), scale=None, regions=(left, right))
    over = read_film(ultrasound(regions=[region(), region(RegionLocationMinX0=75, PhysicalDeltaX=0.03)])).regions
    with pytest.raises(Refused, match="overlap"):
        scale_at(((80.0, 50.0), (99.0, 50.0)), scale=None, regions=over)
    flow_over_tissue = read_film(
        ultrasound(regions=[region(), region(RegionDataType=2, RegionLocationMinX0=75)])
    ).regions
    assert scale_at(((80.0, 50.0), (99.0, 50.0)), scale=None, regions=flow_over_tissue).x_mm == pytest.approx(0.1)


def test_of_a_sequence_every_frame_is_kept_in_one_range_and_the_representative_one_shown_first() -> None:
    film = read_film(sequence(5, RepresentativeFrameNumber=4))
    assert [frame.number for frame in film.frames] == [1, 2, 3, 4, 5]
    assert (film.shades == film.frames[3].shades).all()
    brightest = [int(frame.shades.max()) for frame in film.frames]
    assert brightest == sorted(brightest) and brightest[0] < brightest[-1]
    assert read_film(sequence(5, RepresentativeFrameNumber=99)).shades.max() == brightest[-1]
    assert read_film(ultrasound()).frames == ()


def test_frames_of_a_compressed_sequence_are_those_of_the_plain_one() -> None:
    whole = sequence(3)
    data = dcmread(io.BytesIO(whole))
    data.compress(dicom_maker.RLE)
    held = io.BytesIO()
    data.save_as(held)
    plain, packed = read_film(whole), read_film(held.getvalue())
    assert all((one.shades == other.shades).all() for one, other in zip(plain.frames, packed.frames, strict=True))


def test_a_long_sequence_is_thinned_at_even_distances_and_says_so() -> None:
    film = read_film(sequence(250))
    assert [frame.number for frame in film.frames][:3] == [1, 4, 7]
    assert len(film.frames) == 84
    assert any("Of 250 frames 84 were kept" in note for note in film.notes)


@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
def test_flow_in_colours_is_said_and_grey_is_not_called_flow(photometric) -> None:
    film = read_film(coloured(photometric))
    assert any("flow" in note for note in film.notes)
    assert not any("flow" in note for note in read_film(ultrasound()).notes)


def test_a_picture_on_which_dense_is_dark_is_turned_and_says_so() -> None:
    for shade in (limb(), 1 - limb()):
        film = read_film(picture(shade))
        assert is_dense_bright(film)
    assert any("were turned" in note for note in film.notes)
    assert any("though the file says otherwise" in note for note in read_film(radiograph(1 - limb())).notes)
    flat = np.random.default_rng(1).uniform(0.4, 0.6, (160, 160))
    assert any("not clear" in note for note in read_film(picture(flat)).notes)


def test_paper_around_a_film_does_not_darken_what_is_shown() -> None:
    shade = np.full((300, 260), 1.0)
    shade[70:230, 70:190] = 0.6 * limb()
    plain, framed = read_film(picture(0.6 * limb())), read_film(picture(shade))
    share = framed.window[1] / framed.shades.max()
    assert share < 0.7 and share == pytest.approx(0.6 * plain.window[1] / plain.shades.max() * limb().max(), abs=0.1)


def test_a_table_says_what_a_screen_shows_where_there_is_no_window() -> None:
    table = Dataset()
    rise = np.clip((np.arange(4096) - 1000) / 400, 0, 1) * 65_535
    table.LUTDescriptor, table.LUTData = [4096, 0, 16], rise.astype("<u2").tobytes()
    whole, told = read_film(radiograph()), read_film(radiograph(VOILUTSequence=[table]))
    assert (whole.shades == told.shades).all()
    windowed = read_film(radiograph(WindowCenter="1200", WindowWidth="360"))
    assert told.window == pytest.approx(windowed.window, abs=100)


def test_a_region_that_reaches_beyond_a_cut_image_is_cut_too_and_said() -> None:
    film = read_film(ultrasound(regions=[region(RegionLocationMaxX1=400)]))
    assert film.regions[0].right == 159
    assert any("cut after it was made" in note for note in film.notes)


def test_a_picture_has_no_scale_and_loses_all_but_its_pixels() -> None:
    film = read_film(picture())
    assert film.scale is None and "ruler" in film.no_scale
    assert is_dense_bright(film)
    assert film.identity.name == "" and film.taken_on is None
    assert read_film(picture(kind="JPEG"), kind=FilmKind.ULTRASOUND).kind is FilmKind.ULTRASOUND


def test_a_picture_of_16_bits_keeps_them() -> None:
    held = io.BytesIO()
    ramp = np.arange(100 * 200, dtype=np.uint16).reshape(100, 200)
    Image.fromarray(ramp).save(held, "PNG")
    assert len(np.unique(read_film(held.getvalue()).shades)) == 100 * 200


def test_a_large_film_is_averaged_and_its_scale_follows() -> None:
    film = read_film(radiograph(np.tile(limb(100, 100), (70, 1)), EstimatedRadiographicMagnificationFactor="1.0"))
    assert film.shades.shape == (3500, 50)
    assert film.scale is not None and film.scale.x_mm == pytest.approx(0.4)


def test_drawings_over_the_image_are_left_out_and_said() -> None:
    whole = radiograph()
    data = dcmread(io.BytesIO(whole))
    data.add_new(0x60003000, "OW", b"\xff" * 2400)
    held = io.BytesIO()
    data.save_as(held)
    film = read_film(held.getvalue())
    assert any("left out" in note for note in film.notes)
    assert (film.shades == read_film(whole).shades).all()


@pytest.mark.parametrize(
    ("whole", "says"),
    [
        (b"", "no DICOM, PNG or JPEG"),
        (b"GIF89a" + b"\0" * 300, "no DICOM, PNG or JPEG"),
        (dicom_maker.to_bytes(dicom_maker.slice_dataset(dicom_maker.leg(1)[0])), "CT image"),
        (radiograph(Modality="MR"), "This is MR"),
        (radiograph(np.full((160, 120), 0.3)), "of one shade"),
        (radiograph(limb(40, 120)), "less than 64"),
        (radiograph(Rows=16_000, Columns=16_000), "cut short"),
        (radiograph()[:-5000], "cut short"),
        (ultrasound(PhotometricInterpretation="CMYK"), "colours"),
        (picture()[:200], "cannot be read"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_one_sentence(whole: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        read_film(whole)
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )
    with pytest.raises(Refused, match=r"pixels"):
        read_film(bomb)
