"""Folders, zips, enhanced and NIfTI files in; one clear sentence for what cannot be measured."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import nibabel
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate

from calciscope.read.mask import read_mask
from calciscope.read.series import read_series
from calciscope.terms.errors import Refused, WrongUsage
from tests.unit.read import dicom_maker as make

RAS = np.diag([-1.25, -1.5, 2.0, 1.0])


def refusal(path: Path, **options: object) -> str:
    """The one sentence with which a path is refused."""
    with pytest.raises(Refused) as caught:
        read_series(path, **options)  # type: ignore[arg-type]
    text = str(caught.value)
    assert "\n" not in text and text.endswith(".") and str(path) in text
    return text


def zipped(folder: Path, target: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """The folder as a zip."""
    with zipfile.ZipFile(target, "w", method) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, str(file.relative_to(folder.parent)))
    return target


def nifti(path: Path, values: np.ndarray, affine: np.ndarray = RAS) -> Path:
    """A NIfTI file of [z, y, x] values."""
    nibabel.save(nibabel.Nifti1Image(np.ascontiguousarray(values.transpose(2, 1, 0)), affine), path)
    return path


def patched(path: Path, offset: int, data: bytes) -> Path:
    """The file with some bytes replaced."""
    whole = bytearray(path.read_bytes())
    whole[offset : offset + len(data)] = data
    path.write_bytes(whole)
    return path


def test_a_path_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="does not exist"):
        read_series(tmp_path / "nowhere")


def test_nested_mixed_folders_give_the_ct_and_tell_the_rest(tmp_path: Path) -> None:
    hu = make.leg(12)
    make.write_series(tmp_path / "a" / "deep" / "er", hu)
    make.write_series(tmp_path / "b", hu, Modality="MR", series=2, SOPClassUID="1.2.840.10008.5.1.4.1.1.4")
    make.write_series(tmp_path / "c", hu[:1], series=3, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    make.write_series(tmp_path / "d", hu[:2], series=4, SOPClassUID="1.2.840.10008.5.1.4.1.1.7")
    make.write_series(tmp_path / "e", hu[:8] + 5, series=5, PatientID="OTHER")
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / "DICOMDIR").write_bytes(b"\0" * 200)
    series = read_series(tmp_path)
    assert np.array_equal(series.volume.hu, hu)
    told = {(left.why, left.count) for left in series.source.left_out}
    assert {("MR, not CT", 12), ("a localizer", 1), ("not DICOM", 2), ("another patient", 8)} <= told
    assert any("secondary capture" in why and count == 2 for why, count in told)


def test_a_dicomdir_stands_for_its_folder(tmp_path: Path) -> None:
    make.write_series(tmp_path / "images", make.leg())
    (tmp_path / "DICOMDIR").write_bytes(b"\0" * 128 + b"DICM")
    assert np.array_equal(read_series(tmp_path / "DICOMDIR").volume.hu, make.leg())


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_reads_as_its_folder(method: int, tmp_path: Path) -> None:
    folder = make.write_series(tmp_path / "scan", make.leg())
    (folder / "readme.txt").write_text("hello")
    series = read_series(zipped(folder, tmp_path / "scan.zip", method))
    same = read_series(folder)
    assert np.array_equal(series.volume.hu, same.volume.hu)
    assert series.source.pixel_sha256 == same.source.pixel_sha256


@pytest.mark.parametrize("name", ["../../evil.dcm", "/etc/evil.dcm", "a/../../b", "C:\\evil.dcm", "..\\evil.dcm"])
def test_a_zip_that_points_outside_is_refused_and_writes_nothing(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "slip.zip", "w") as archive:
        archive.writestr(name, make.to_bytes(make.slice_dataset(make.leg()[0])))
    assert "outside" in refusal(tmp_path / "slip.zip")
    assert [file.name for file in tmp_path.iterdir()] == ["slip.zip"]


def test_links_and_archives_in_a_zip_are_left_out(tmp_path: Path) -> None:
    folder = make.write_series(tmp_path / "scan", make.leg())
    path = zipped(folder, tmp_path / "scan.zip")
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.dcm")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("inner.zip", b"PK\x03\x04")
    told = {left.why for left in read_series(path).source.left_out}
    assert {"a link, not a file", "an archive inside the archive"} <= told


def test_a_zip_that_claims_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dcm", b"\0" * 1000)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<L", 0xFFFFFFF0)
    path.write_bytes(data)
    assert "GB" in refusal(path)


def test_a_member_that_unpacks_to_more_than_it_claims_is_not_unpacked(tmp_path: Path) -> None:
    path = zipped(make.write_series(tmp_path / "scan", make.leg(5)), tmp_path / "scan.zip")
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<L", 3000)
    path.write_bytes(data)
    assert "cannot be trusted" in refusal(path) or "damaged" in refusal(path) or "cut short" in refusal(path)


def test_a_bomb_of_zeros_is_no_scan(tmp_path: Path) -> None:
    path = tmp_path / "zeros.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("big.dcm", "w") as member:
        member.write(b"\0" * 128 + b"DICM")
        for _ in range(64):
            member.write(b"\0" * (1 << 20))
    refusal(path)


def test_a_header_that_claims_an_enormous_image_is_refused(tmp_path: Path) -> None:
    hu = make.leg(4)
    make.write_series(tmp_path / "scan", hu, Rows=65000, Columns=65000)
    assert "absurd" in refusal(tmp_path / "scan")
    file = make.enhanced_dataset(hu)
    file.NumberOfFrames = 90000
    (tmp_path / "frames.dcm").write_bytes(make.to_bytes(file))
    assert "cut short" in refusal(tmp_path / "frames.dcm")


def test_an_enhanced_file_reads_as_its_slices(tmp_path: Path) -> None:
    hu = make.leg(10)
    path = tmp_path / "enhanced.dcm"
    path.write_bytes(make.to_bytes(make.enhanced_dataset(hu)))
    series = read_series(path)
    assert np.array_equal(series.volume.hu, hu)
    assert series.source.kind == "dicom-enhanced" and len(series.source.instances) == 10
    assert series.acquisition.kvp == 100 and series.acquisition.kernel == "Br40"
    assert series.acquisition.ctdi_vol_mgy == 3.5 and series.acquisition.exposure_mas == 80.0
    assert series.volume.grid.to_lps(np.array([9.0, 0.0, 0.0])) == pytest.approx([-20.0, -30.0, 118.0])


def test_compressed_frames_of_an_enhanced_file_are_told_apart(tmp_path: Path) -> None:
    hu = make.leg(6)
    file = make.enhanced_dataset(hu)
    frames = [make.codestream(make.slice_dataset(part), make.RLE) for part in hu]
    file = make.with_meta(Dataset(file), make.RLE)
    file.PixelData = encapsulate(frames)
    file["PixelData"].VR, file["PixelData"].is_undefined_length = "OB", True
    file.save_as(tmp_path / "enhanced.dcm", enforce_file_format=True)
    series = read_series(tmp_path / "enhanced.dcm")
    assert np.array_equal(series.volume.hu, hu)
    assert np.array_equal(read_series(zipped(tmp_path, tmp_path.parent / f"{tmp_path.name}.zip")).volume.hu, hu)


def test_files_that_unpack_to_absurdly_much_are_refused(tmp_path: Path) -> None:
    claimed = nifti(tmp_path / "scan.nii", make.leg(6))
    patched(claimed, 40, struct.pack("<4h", 3, 1000, 1000, 1500))
    (tmp_path / "scan.nii.gz").write_bytes(gzip.compress(claimed.read_bytes()))
    assert "more than it can hold" in refusal(tmp_path / "scan.nii.gz")


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_nifti_lies_where_its_affine_says(ending: str, tmp_path: Path) -> None:
    hu = make.leg(10)
    affine = np.array([[-1.25, 0, 0, 20], [0, -1.5, 0, 30], [0, 0, 2.0, 100], [0, 0, 0, 1.0]])
    series = read_series(nifti(tmp_path / f"scan{ending}", hu, affine))
    assert np.array_equal(series.volume.hu, hu)
    assert series.volume.grid.to_lps(np.array([3.0, 2.0, 1.0])) == pytest.approx([-18.75, -27.0, 106.0])
    assert series.source.kind == "nifti" and series.acquisition.kvp is None


def test_sagittal_nifti_is_turned_to_axial_slices(tmp_path: Path) -> None:
    hu = make.leg(10)
    affine = np.array([[0, 0, -1.25, 20], [0, -1.5, 0, 30], [2.0, 0, 0, 100], [0, 0, 0, 1.0]])
    volume = read_series(nifti(tmp_path / "scan.nii", hu.transpose(2, 1, 0), affine)).volume
    assert volume.hu.shape == hu.shape and volume.grid.spacing_mm == pytest.approx((2.0, 1.5, 1.25))
    assert volume.hu[3, 2, 1] == hu[3, 2, 1]
    assert volume.grid.to_lps(np.array([3.0, 2.0, 1.0])) == pytest.approx([-18.75, -27.0, 106.0])


def test_nifti_scale_is_applied(tmp_path: Path) -> None:
    hu = make.leg(6) // 2 * 2
    path = nifti(tmp_path / "scan.nii", ((hu.astype(int) + 100) // 2).astype(np.int16))
    patched(path, 112, struct.pack("<ff", 2.0, -100.0))  # scl_slope, scl_inter
    assert np.array_equal(read_series(path).volume.hu, hu)


def test_unusable_nifti_is_refused(tmp_path: Path) -> None:
    hu = make.leg(6).astype(np.float32)
    broken = hu.copy()
    broken[2, 3, 4] = np.nan
    assert "NaN" in refusal(nifti(tmp_path / "nan.nii", broken))
    assert "Hounsfield" in refusal(nifti(tmp_path / "mr.nii", np.clip(hu + 1000, 0, 900)))
    assert "Hounsfield" in refusal(nifti(tmp_path / "labels.nii", (hu > 0).astype(np.uint8)))
    assert "3-D" in refusal(nifti(tmp_path / "slice.nii", hu[:1]))
    assert "lies in the patient" in refusal(patched(nifti(tmp_path / "flat.nii", hu), 252, bytes(4)))
    assert "voxel size" in refusal(nifti(tmp_path / "huge.nii", hu, np.diag([500.0, 500.0, 500.0, 1.0])))
    whole = nifti(tmp_path / "whole.nii", hu).read_bytes()
    (tmp_path / "short.nii").write_bytes(whole[:-500])
    assert "cut short" in refusal(tmp_path / "short.nii")
    (tmp_path / "short.nii.gz").write_bytes(gzip.compress(whole)[:-300])
    refusal(tmp_path / "short.nii.gz")


@pytest.mark.parametrize(
    ("tags", "word"),
    [
        ({"Modality": "MR", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4"}, "MR"),
        ({"Modality": "PT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.128"}, "PET"),
        ({"PixelSpacing": [0.0, 0.0]}, "spacing"),
        ({"PixelSpacing": [900.0, 900.0]}, "spacing"),
        ({"spacing": 5000.0}, "spacing"),
        ({"PixelData": None}, "no pixel data"),
        ({"ImagePositionPatient": None}, "position"),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "orientation"),
        ({"RescaleSlope": 0}, "rescale"),
        ({"RescaleType": "MGML"}, "not Hounsfield"),
        ({"ImageType": ["DERIVED", "SECONDARY", "LOCALIZER"]}, "localizer"),
        ({"ImagePositionPatient": [0.0, 0.0, 0.0]}, "single slice"),
        ({"intercept": 0.0, "RescaleIntercept": 1024}, "Hounsfield"),
    ],
)
def test_what_is_no_ct_in_hu_is_refused_with_the_reason(tags: dict[str, object], word: str, tmp_path: Path) -> None:
    hu = np.clip(make.leg(6), 0, None) if "intercept" in tags else make.leg(6)
    assert word in refusal(make.write_series(tmp_path / "scan", hu, **tags))


def test_odd_inputs_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no files" in refusal(tmp_path / "empty")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text("hello")
    assert "not a DICOM" in refusal(tmp_path / "text")
    (tmp_path / "zero.dcm").write_bytes(b"")
    assert "0 bytes" in refusal(tmp_path / "zero.dcm")
    (tmp_path / "not.zip").write_bytes(b"PK\x03\x04 nothing")
    assert "zip" in refusal(tmp_path / "not.zip")
    make.write_series(tmp_path / "one", make.leg(1))
    assert "single slice" in refusal(tmp_path / "one")
    assert "single slice" in refusal(next((tmp_path / "one").iterdir()))


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no Unix permissions here")
def test_no_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = make.write_series(tmp_path / "scan", make.leg(2)) / "s000.dcm"

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "permission" in refusal(file)


def test_links_in_a_folder_do_not_lead_round_in_circles(tmp_path: Path) -> None:
    folder = make.write_series(tmp_path / "scan", make.leg(5))
    (folder / "loop").symlink_to(folder)
    assert len(read_series(folder).volume.hu) == 5


def test_nothing_is_warned_about_or_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = make.write_series(tmp_path / "scan", make.leg(6), SeriesDescription="x" * 90, syntax=make.J2K_LOSSLESS)
    (folder / "bad.dcm").write_bytes((folder / "s003.dcm").read_bytes()[:700])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_series(folder)
    assert capfd.readouterr() == ("", "")


def test_reading_the_same_scan_twice_gives_the_same_series(tmp_path: Path) -> None:
    folder = make.write_series(tmp_path / "scan", make.leg(9))
    shutil.copytree(folder, tmp_path / "copy")
    one, other = read_series(folder), read_series(tmp_path / "copy")
    assert one.source == other.source and one.acquisition == other.acquisition


def test_a_mask_on_another_grid_is_brought_to_the_scan(tmp_path: Path) -> None:
    grid = read_series(make.write_series(tmp_path / "scan", make.leg(10))).volume.grid
    mask = np.zeros((20, 32, 32), np.uint8)
    mask[6:10] = 3
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ grid.affine @ np.diag([1.0, 1.0, 0.5, 1.0])
    found = read_mask(nifti(tmp_path / "mask.nii.gz", mask, affine), grid)
    assert found.shape == grid.shape and found.dtype == bool
    assert found.any(axis=(1, 2)).tolist() == [False, False, False, True, True, *[False] * 5]


def test_a_mask_of_another_place_is_refused(tmp_path: Path) -> None:
    grid = read_series(make.write_series(tmp_path / "scan", make.leg(10))).volume.grid
    affine = RAS.copy()
    affine[2, 3] = 5000.0
    path = nifti(tmp_path / "mask.nii", np.ones((9, 9, 9), np.uint8), affine)
    with pytest.raises(Refused, match="overlap"):
        read_mask(path, grid)
    (tmp_path / "mask.txt").write_text("no")
    with pytest.raises(Refused, match="NIfTI"):
        read_mask(tmp_path / "mask.txt", grid)


def test_a_dose_report_gives_the_dose_length_product(tmp_path: Path) -> None:
    folder = make.write_series(tmp_path / "scan", make.leg(5))
    (folder / "dose.dcm").write_bytes(dose_report())
    series = read_series(folder)
    assert series.acquisition.dlp_mgy_cm == 210.5
    assert series.acquisition.ctdi_vol_mgy == 6.25
    assert any(left.what == "dose report" for left in series.source.left_out)


def coded(code: str, **content: object) -> Dataset:
    """A content item with that concept."""
    item, name = Dataset(), Dataset()
    name.CodeValue, name.CodingSchemeDesignator, name.CodeMeaning = code, "DCM", "x"
    item.ConceptNameCodeSequence = [name]
    for keyword, value in content.items():
        setattr(item, keyword, value)
    return item


def amount(code: str, value: float) -> Dataset:
    """A numeric content item."""
    measured = Dataset()
    measured.NumericValue = value
    return coded(code, ValueType="NUM", MeasuredValueSequence=[measured])


def dose_report() -> bytes:
    """A dose report of the series' study, of one acquisition."""
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = "1.2.840.10008.5.1.4.1.1.88.67", "1.2.3.9", "SR"
    data.StudyInstanceUID, data.SeriesInstanceUID = f"{make.UID_ROOT}77", f"{make.UID_ROOT}9"
    inner = coded("113829", ContentSequence=[amount("113830", 6.25), amount("113838", 200.0)])
    event = coded("113819", ContentSequence=[inner])
    data.ContentSequence = [coded("113811", ContentSequence=[amount("113813", 210.5)]), event]
    out = io.BytesIO()
    from pydicom.filewriter import dcmwrite

    dcmwrite(out, make.with_meta(data, make.EXPLICIT), enforce_file_format=True)
    return out.getvalue()


def test_a_zip_that_holds_only_archives_says_so(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("inner.zip", b"PK")
    assert "1 x an archive inside the archive" in refusal(tmp_path / "outer.zip")


def test_pixels_that_are_far_from_square_are_refused(tmp_path: Path) -> None:
    folder = make.write_series(tmp_path / "stretched", make.leg(), PixelSpacing=[0.5, 5.0])
    assert "pixels of 0.5 x 5 mm, which no CT has" in refusal(folder)
