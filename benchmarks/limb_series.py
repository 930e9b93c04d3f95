"""A large limb-like CT as classic DICOM files, for speed and memory: two legs, bones, deposits, correlated noise.

Independent of the product's own phantom. Deposits keep the same number per slice whatever the length, so that time and
memory per voxel can be compared between lengths.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import PYDICOM_IMPLEMENTATION_UID, CTImageStorage, ExplicitVRLittleEndian
from scipy.ndimage import gaussian_filter

PIXEL_MM = 0.78
SLICE_MM = 1.0
NOISE_SD_HU = 20.0
BLUR_SD_MM = 0.45  # in-plane blur of edges, FWHM about 1.06 mm
DEPOSITS_PER_600_SLICES = 50
UID_ROOT = "1.2.826.0.1.3680043.10.1599.7."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ball:
    """One deposit: centre [slice, row, column] in mm, radius, HU."""

    z_mm: float
    y_mm: float
    x_mm: float
    radius_mm: float
    hu: float


def deposits(slices: int, seed: int) -> list[Ball]:
    """About 50 deposits a 600 slices, in both legs' fat and muscle, away from the bones."""
    rng = np.random.default_rng(seed)
    count = max(1, round(slices * DEPOSITS_PER_600_SLICES / 600))
    z_mm = (np.arange(count) + 0.5) * slices * SLICE_MM / count
    made = []
    for z in z_mm:
        side = rng.choice((-1.0, 1.0))
        angle = rng.uniform(0, 2 * np.pi)
        away = rng.uniform(0.48, 0.88)  # fraction of the leg's radius
        size = leg_radius_mm(float(z), slices * SLICE_MM)
        made.append(
            Ball(
                z_mm=float(z),
                y_mm=float(away * size * np.sin(angle)),
                x_mm=float(side * 95 + away * size * np.cos(angle)),
                radius_mm=float(rng.uniform(1.5, 6.0)),
                hu=float(rng.uniform(300, 1400)),
            )
        )
    return made


def leg_radius_mm(z_mm: float, length_mm: float) -> float:
    """Radius of a leg: widest at the thigh's end, repeating every 600 mm so that any length is alike."""
    return 62.0 + 18.0 * float(np.cos(2 * np.pi * z_mm / min(600.0, max(length_mm, 1.0))))


def plane(z_mm: float, length_mm: float, balls: list[Ball], rng: np.random.Generator, size: int) -> NDArray[np.int16]:
    """One slice, HU."""
    axis = (np.arange(size, dtype=np.float32) - (size - 1) / 2) * PIXEL_MM
    y, x = axis[:, None], axis[None, :]
    hu = np.full((size, size), -1000.0, dtype=np.float32)
    radius = leg_radius_mm(z_mm, length_mm)
    for side in (-1.0, 1.0):
        away = np.hypot(x - side * 95, y * 1.06)
        wobble = 0.06 * radius * np.sin(3 * np.arctan2(y, x - side * 95) + z_mm / 60.0)
        hu[away < radius] = 40.0  # skin
        hu[away < radius - 1.6] = -100.0
        hu[away < 0.72 * radius + wobble] = 55.0
        for bone_x, bone_radius in ((-9.0, 13.0), (16.0, 7.0)):
            shaft = np.hypot(x - side * 95 - bone_x, y)
            hu[shaft < bone_radius] = 1200.0
            hu[shaft < bone_radius * 0.6] = 20.0
    hu[(axis > 100) & (axis < 106)] = -150.0  # table
    for ball in balls:
        reach = ball.radius_mm**2 - (ball.z_mm - z_mm) ** 2
        if reach > 0:
            hu[(x - ball.x_mm) ** 2 + (y - ball.y_mm) ** 2 < reach] = ball.hu
    hu = gaussian_filter(hu, BLUR_SD_MM / PIXEL_MM)
    noise = gaussian_filter(rng.standard_normal((size, size), dtype=np.float32), 0.7)
    hu += noise * (NOISE_SD_HU / float(noise.std()))
    return np.clip(np.rint(hu), -1024, 3071).astype(np.int16)


def header(index: int, slices: int, seed: int) -> FileDataset:
    """A classic CT image's attributes, without pixels."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(f"{UID_ROOT}{seed}.{slices}.3.{index + 1}")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    image = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    image.StudyInstanceUID, image.SeriesInstanceUID = f"{UID_ROOT}{seed}.{slices}.1", f"{UID_ROOT}{seed}.{slices}.2"
    image.FrameOfReferenceUID = f"{UID_ROOT}{seed}.{slices}.4"
    image.PatientName, image.PatientID, image.PatientBirthDate, image.PatientSex = "Benchmark^Limb", "BENCH", "", "O"
    image.StudyDate = image.SeriesDate = image.AcquisitionDate = image.ContentDate = "20260101"
    image.StudyTime = image.ContentTime = "120000"
    image.StudyID, image.AccessionNumber, image.ReferringPhysicianName = "1", "", ""
    image.Modality, image.Manufacturer, image.PatientPosition = "CT", "Benchmark", "FFS"
    image.SeriesNumber, image.AcquisitionNumber, image.InstanceNumber = 1, 1, index + 1
    image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    image.KVP, image.ConvolutionKernel, image.BodyPartExamined = "120", "STANDARD", "LEG"
    image.SliceThickness, image.PixelSpacing = SLICE_MM, [PIXEL_MM, PIXEL_MM]
    image.PositionReferenceIndicator = ""
    return image


def write(folder: Path, *, slices: int, seed: int, size: int = 512) -> list[Ball]:
    """Write a series of ``slices`` files into ``folder`` (kept when it is complete); returns its deposits."""
    balls = deposits(slices, seed)
    done = folder.with_suffix(".complete")
    if done.exists():
        return balls
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    corner = -(size - 1) / 2 * PIXEL_MM
    for index in range(slices):
        image = header(index, slices, seed)
        image.ImagePositionPatient = [corner, corner, index * SLICE_MM]
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.Rows, image.Columns = size, size
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 16, 15, 1
        image.RescaleIntercept, image.RescaleSlope, image.RescaleType = 0, 1, "HU"
        near = [ball for ball in balls if abs(ball.z_mm - index * SLICE_MM) < ball.radius_mm]
        image.PixelData = plane(index * SLICE_MM, slices * SLICE_MM, near, rng, size).tobytes()
        image.save_as(folder / f"{index:05}.dcm", enforce_file_format=True)
    done.write_text("ok\n")
    return balls
