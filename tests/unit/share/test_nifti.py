"""Masks read back with nibabel and SimpleITK lie where the scan lies."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from calciscope.share.nifti import header, write_labels
from calciscope.terms.geometry import Grid

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


def a_grid(rotation: np.ndarray, shape: tuple[int, int, int] = (5, 7, 9), shear_mm: float = 0.0) -> Grid:
    affine = np.eye(4)
    affine[:3, :3] = rotation @ np.diag([0.8, 0.9, 3.0])
    affine[1, 2] += shear_mm
    affine[:3, 3] = (-33.0, 12.5, -700.25)
    return Grid(shape=shape, affine=affine)


def some_labels(shape: tuple[int, int, int], dtype: type) -> np.ndarray:
    labels = np.zeros(shape, dtype)
    labels[1, 2, 3], labels[4, 0, 8] = 7, 200
    return labels


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_nibabel_reads_labels_and_places_back(tmp_path: Path, dtype: type) -> None:
    grid = a_grid(np.eye(3))
    labels = some_labels(grid.shape, dtype)
    write_labels(tmp_path / "a.nii.gz", labels, grid, description="test")
    image = nibabel.load(tmp_path / "a.nii.gz")
    assert np.array_equal(np.asarray(image.dataobj).transpose(2, 1, 0), labels)
    assert np.asarray(image.dataobj).dtype == dtype
    assert np.allclose(image.affine, LPS_TO_RAS @ grid.affine, atol=1e-3)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.floats(-180, 180)] * 3), st.booleans())
def test_qform_agrees_with_sform_for_any_orientation(angles: tuple[float, float, float], mirrored: bool) -> None:
    rotation = Rotation.from_euler("xyz", angles, degrees=True).as_matrix()
    if mirrored:
        rotation = rotation @ np.diag([1.0, 1.0, -1.0])
    grid = a_grid(rotation)
    packed = nibabel.Nifti1Header.from_fileobj(io.BytesIO(header("uint16", grid, "test")))
    assert np.allclose(packed.get_sform(), LPS_TO_RAS @ grid.affine, atol=2e-3)
    # near half a turn, where every axial scan lies, NIfTI's three float32 hold a fourth below 7e-4 as zero: 1.4e-3 rad of doubt
    doubt = packed.get_qform() - LPS_TO_RAS @ grid.affine
    assert np.abs(doubt[:3, :3] / grid.spacing_mm[::-1]).max() < 1.5e-3
    assert np.abs(doubt[:, 3]).max() < 2e-3
    assert packed["qform_code"] == packed["sform_code"] == 1


def test_simpleitk_finds_a_voxel_where_the_scan_has_it(tmp_path: Path) -> None:
    grid = a_grid(Rotation.from_euler("xyz", [4, -7, 20], degrees=True).as_matrix())
    labels = some_labels(grid.shape, np.uint16)
    write_labels(tmp_path / "a.nii.gz", labels, grid, description="test")
    image = SimpleITK.ReadImage(str(tmp_path / "a.nii.gz"))
    assert np.array_equal(SimpleITK.GetArrayFromImage(image), labels)
    assert np.allclose(image.TransformIndexToPhysicalPoint((3, 2, 1)), grid.to_lps(np.array([1, 2, 3])), atol=1e-3)


def test_sheared_grid_carries_its_shear_in_sform_only(tmp_path: Path) -> None:
    grid = a_grid(np.eye(3), shear_mm=1.0)
    write_labels(tmp_path / "a.nii.gz", some_labels(grid.shape, np.uint16), grid, description="test")
    image = nibabel.load(tmp_path / "a.nii.gz")
    assert image.header["qform_code"] == 0
    assert np.allclose(image.affine, LPS_TO_RAS @ grid.affine, atol=1e-3)


def test_same_labels_same_bytes_without_a_time_stamp(tmp_path: Path) -> None:
    grid = a_grid(np.eye(3))
    for name in ("a", "b"):
        write_labels(tmp_path / f"{name}.nii.gz", some_labels(grid.shape, np.uint16), grid, description="test")
    first = (tmp_path / "a.nii.gz").read_bytes()
    assert first == (tmp_path / "b.nii.gz").read_bytes()
    assert first[:2] == b"\x1f\x8b"
    assert first[4:8] == bytes(4)  # gzip's time
    assert len(gzip.decompress(first)) == 352 + 5 * 7 * 9 * 2


def test_volume_of_many_chunks_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calciscope.share.nifti._CHUNK_BYTES", 200)
    grid = a_grid(np.eye(3), shape=(40, 6, 5))
    labels = np.random.default_rng(1).integers(0, 300, grid.shape).astype(np.uint16)
    write_labels(tmp_path / "a.nii.gz", labels, grid, description="test")
    assert np.array_equal(np.asarray(nibabel.load(tmp_path / "a.nii.gz").dataobj).transpose(2, 1, 0), labels)
