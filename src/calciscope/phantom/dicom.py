"""Write a phantom as a classic CT series, one file a slice, with truth.json beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

from calciscope import __version__
from calciscope.phantom.header import body_part, born, laterality, patient_age_years, patient_position, scan_date
from calciscope.phantom.lattice import uid
from calciscope.phantom.make import Phantom
from calciscope.phantom.spec import Body, PhantomSpec

INTERCEPT = -1024
IMPLEMENTATION_UID = "2.25.170838146410342270862098412066216253411"
TIME = "101500"


def write(phantom: Phantom, folder: str | os.PathLike[str]) -> Path:
    """Write IM0001.dcm ... and truth.json into ``folder`` (made if missing); returns the folder."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    common = _common(phantom)
    for k in range(phantom.series.volume.grid.shape[0]):
        _slice(phantom, common, k).save_as(target / f"IM{k + 1:04d}.dcm", enforce_file_format=True)
    text = json.dumps(phantom.truth, indent=1, ensure_ascii=False)
    (target / "truth.json").write_text(text + "\n", encoding="utf-8")
    return target


def _common(phantom: Phantom) -> Dataset:
    """Elements that every slice of the series shares."""
    spec = phantom.spec
    data = Dataset()
    _patient_and_study(data, spec)
    data.Modality = "CT"
    data.SeriesInstanceUID = uid(spec, "series")
    data.SeriesNumber = 2
    data.SeriesDescription = f"Phantom {spec.kind.value} {spec.slice_mm:g}mm {spec.kernel.value}"
    if spec.kind != Body.TRUNK:  # only a paired part has a side
        data.Laterality = laterality(spec)
    data.BodyPartExamined = body_part(spec)
    data.PatientPosition = patient_position(spec)
    data.FrameOfReferenceUID = phantom.series.volume.grid.frame_uid
    data.PositionReferenceIndicator = ""
    data.Manufacturer = "Calciscope"
    data.ManufacturerModelName = "Digital phantom"
    data.SoftwareVersions = __version__
    data.KVP = f"{spec.kvp:g}"
    data.ConvolutionKernel = spec.kernel.value.upper()
    data.SliceThickness = f"{spec.slice_mm:g}"
    data.GantryDetectorTilt = f"{spec.tilt_deg:g}"
    data.ReconstructionDiameter = f"{spec.pixel_mm * spec.shape[2]:.6g}"
    if spec.contrast:
        data.ContrastBolusAgent = "IODINE"
    _pixel_module(data, phantom)
    return data


def _patient_and_study(data: Dataset, spec: PhantomSpec) -> None:
    day = scan_date(spec).replace("-", "")
    data.PatientName = f"Phantom^Seed {spec.seed}"
    data.PatientID = f"PHANTOM-{spec.kind.value.upper()}-{spec.seed}"
    data.PatientBirthDate = born(spec).replace("-", "")
    data.PatientSex = "O"
    data.PatientAge = f"{int(patient_age_years(spec)):03d}Y"
    data.StudyInstanceUID = uid(spec, "study")
    data.StudyID = "1"
    data.StudyDescription = "Digital phantom, not a patient"
    data.AccessionNumber = ""
    data.ReferringPhysicianName = ""
    for name in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"):
        setattr(data, name, day)
    for name in ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime"):
        setattr(data, name, TIME)


def _pixel_module(data: Dataset, phantom: Phantom) -> None:
    grid, spec = phantom.series.volume.grid, phantom.spec
    data.Rows, data.Columns = grid.shape[1:]
    data.PixelSpacing = [f"{spec.pixel_mm:.10g}"] * 2
    data.SamplesPerPixel = 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit = 16, 12, 11
    data.PixelRepresentation = 0
    data.RescaleIntercept, data.RescaleSlope, data.RescaleType = str(INTERCEPT), "1", "HU"
    data.WindowCenter, data.WindowWidth = "50", "400"
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    across, down = (grid.affine[:3, axis] / np.linalg.norm(grid.affine[:3, axis]) for axis in (0, 1))
    data.ImageOrientationPatient = [_decimal(value) for value in (*across, *down)]


def _slice(phantom: Phantom, common: Dataset, k: int) -> FileDataset:
    instance = phantom.series.source.instances[k]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = UID(instance.sop_uid)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.update(common)
    data.SOPClassUID = CTImageStorage
    data.SOPInstanceUID = instance.sop_uid
    data.InstanceNumber = k + 1
    data.AcquisitionNumber = 1
    data.ImagePositionPatient = [_decimal(value) for value in instance.position_mm]
    data.SliceLocation = _decimal(instance.position_mm[2])
    stored = phantom.series.volume.hu[k].astype(np.int32) - INTERCEPT
    data.PixelData = stored.astype("<u2").tobytes()
    return data


def _decimal(value: float) -> str:
    """A decimal string of at most 16 characters."""
    text = f"{float(value):.8f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
