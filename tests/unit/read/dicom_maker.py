"""Writes small CT series for the tests, in every transfer syntax the reader takes."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.filereader import dcmread
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID

CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
IMPLICIT, EXPLICIT, BIG, DEFLATED = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.1.99",
)
RLE, JPEG_LS, JPEG_LS_LOSSY = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
J2K_LOSSLESS, J2K, HTJ2K_LOSSLESS = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.201"
JPEG_LOSSLESS, JPEG_LOSSLESS_SV1, JPEG_BASELINE, JPEG_EXTENDED = (
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
)
UID_ROOT = "1.2.826.0.1.3680043.10.999."


def leg(slices: int = 12, size: int = 32, seed: int = 0, bits: int = 12) -> NDArray[np.int16]:
    """HU [slice, row, column] of a round leg with a bone that wanders, in air, with noise."""
    rng = np.random.default_rng(seed)
    z, y, x = np.mgrid[:slices, :size, :size].astype(float)
    centre = (size - 1) / 2
    radius = np.hypot(y - centre, x - centre)
    hu = np.full(z.shape, -1000.0)
    hu[radius < 0.42 * size + 0.05 * z] = -90.0
    hu[radius < 0.33 * size] = 50.0
    hu[np.hypot(y - centre, x - centre - 1 - 0.05 * z) < 0.12 * size] = 700.0
    hu += rng.normal(0.0, 8.0, hu.shape)
    return np.clip(np.rint(hu), -1024, (1 << bits) - 1025).astype(np.int16)


def slice_dataset(hu: NDArray[Any], index: int = 0, **tags: Any) -> FileDataset:
    """One CT slice as a data set, explicit little endian, 16 bits allocated; ``tags`` override by keyword."""
    series = str(tags.pop("series", 1))
    slope, intercept = float(tags.pop("slope", 1.0)), float(tags.pop("intercept", -1024.0))
    signed, spacing = bool(tags.pop("signed", False)), float(tags.pop("spacing", 2.0))
    bits = int(tags.pop("bits", 16 if signed else 12))
    data = Dataset()
    data.SOPClassUID = CT_IMAGE
    data.SOPInstanceUID = f"{UID_ROOT}{series}.{index + 1}"
    data.Modality = "CT"
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.StudyInstanceUID, data.SeriesInstanceUID = f"{UID_ROOT}77", f"{UID_ROOT}{series}"
    data.FrameOfReferenceUID = f"{UID_ROOT}88"
    data.PatientID, data.PatientBirthDate, data.PatientAge = "TEST", "20100101", "012Y"
    data.StudyDate = data.AcquisitionDate = "20220301"
    data.KVP, data.ConvolutionKernel, data.SliceThickness = 120, "B30f", spacing
    data.InstanceNumber = index + 1
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.ImagePositionPatient = [-20.0, -30.0, 100.0 + spacing * index]
    data.PixelSpacing = [1.5, 1.25]
    data.Rows, data.Columns = hu.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, bits, bits - 1, int(signed)
    data.RescaleSlope, data.RescaleIntercept = slope, intercept
    stored = np.rint((hu.astype(float) - intercept) / slope)
    data.PixelData = stored.astype("<i2" if signed else "<u2").tobytes()
    data["PixelData"].VR = "OW"
    for name, value in tags.items():
        if value is None:
            delattr(data, name)
        else:
            setattr(data, name, value)
    return with_meta(data, EXPLICIT)


def with_meta(data: Dataset, syntax: str) -> FileDataset:
    """The data set as a file of that transfer syntax (the pixels are taken as they are)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = data.get("SOPClassUID", CT_IMAGE)
    meta.MediaStorageSOPInstanceUID = data.get("SOPInstanceUID", f"{UID_ROOT}5.5")
    meta.TransferSyntaxUID = UID(syntax)
    file = FileDataset("", data, file_meta=meta, preamble=b"\0" * 128)
    return file


def to_bytes(file: FileDataset, syntax: str = EXPLICIT) -> bytes:
    """The file's bytes, its pixels recoded for the transfer syntax."""
    file = with_meta(Dataset(file), syntax)
    if syntax == BIG:
        file.PixelData = np.frombuffer(file.PixelData, "<u2").astype(">u2").tobytes()
    elif syntax not in (IMPLICIT, EXPLICIT, DEFLATED):
        file.PixelData = encapsulate([codestream(file, syntax)])
        file["PixelData"].VR = "OB"
        file["PixelData"].is_undefined_length = True
    out = io.BytesIO()
    dcmwrite(out, file, enforce_file_format=True)
    return out.getvalue()


def codestream(file: FileDataset, syntax: str) -> bytes:
    """The file's one frame, compressed."""
    if syntax == HTJ2K_LOSSLESS:
        return base64.b64decode(HTJ2K_LEG)
    if syntax in (JPEG_LOSSLESS, JPEG_LOSSLESS_SV1, JPEG_BASELINE, JPEG_EXTENDED):
        return _by_gdcm(file, syntax)
    from pydicom.pixels import get_encoder

    stored = np.frombuffer(file.PixelData, "<i2" if file.PixelRepresentation else "<u2")
    stored = stored.reshape(file.Rows, file.Columns)
    options: dict[str, Any] = {"jls_error": 2} if syntax == JPEG_LS_LOSSY else {}
    if syntax == J2K:
        options = {"j2k_cr": [3]}
    return bytes(
        get_encoder(UID(syntax)).encode(
            stored,
            rows=file.Rows,
            columns=file.Columns,
            samples_per_pixel=1,
            bits_allocated=16,
            bits_stored=file.BitsStored,
            pixel_representation=file.PixelRepresentation,
            photometric_interpretation="MONOCHROME2",
            number_of_frames=1,
            **options,
        )
    )


def _by_gdcm(file: FileDataset, syntax: str) -> bytes:
    import gdcm

    names = {
        JPEG_LOSSLESS: gdcm.TransferSyntax.JPEGLosslessProcess14,
        JPEG_LOSSLESS_SV1: gdcm.TransferSyntax.JPEGLosslessProcess14_1,
        JPEG_BASELINE: gdcm.TransferSyntax.JPEGBaselineProcess1,
        JPEG_EXTENDED: gdcm.TransferSyntax.JPEGExtendedProcess2_4,
    }
    with TemporaryDirectory() as folder:
        plain, packed = str(Path(folder) / "plain.dcm"), str(Path(folder) / "packed.dcm")
        dcmwrite(plain, with_meta(Dataset(file), EXPLICIT), enforce_file_format=True)
        reader, change, writer = gdcm.ImageReader(), gdcm.ImageChangeTransferSyntax(), gdcm.ImageWriter()
        reader.SetFileName(plain)
        if not reader.Read():
            raise RuntimeError("gdcm could not read the test image")
        change.SetTransferSyntax(gdcm.TransferSyntax(names[syntax]))
        change.SetInput(reader.GetImage())
        if not change.Change():
            raise RuntimeError("gdcm could not compress the test image")
        writer.SetFileName(packed)
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        if not writer.Write():
            raise RuntimeError("gdcm could not write the test image")
        return get_frame(dcmread(packed).PixelData, 0, number_of_frames=1)


def write_series(folder: Path, hu: NDArray[Any], *, syntax: str = EXPLICIT, name: str = "s", **tags: Any) -> Path:
    """A series of one file a slice in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, part in enumerate(hu):
        (folder / f"{name}{index:03d}.dcm").write_bytes(to_bytes(slice_dataset(part, index, **tags), syntax))
    return folder


def enhanced_dataset(hu: NDArray[Any], *, spacing: float = 2.0) -> FileDataset:
    """All slices as one enhanced CT file."""
    first = slice_dataset(hu[0], 0, spacing=spacing)
    data = Dataset(first)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness", "KVP"):
        delattr(data, keyword)
    for keyword in ("RescaleSlope", "RescaleIntercept", "ConvolutionKernel"):
        delattr(data, keyword)
    data.SOPClassUID, data.NumberOfFrames = ENHANCED_CT, len(hu)
    data.SharedFunctionalGroupsSequence = [_shared(spacing)]
    data.PerFrameFunctionalGroupsSequence = [_frame(index, spacing) for index in range(len(hu))]
    data.PixelData = (hu.astype(np.int32) + 1024).astype("<u2").tobytes()
    return with_meta(data, EXPLICIT)


def _shared(spacing: float) -> Dataset:
    item, measures, orientation, kilovolts, kernel = (Dataset() for _ in range(5))
    measures.PixelSpacing, measures.SliceThickness = [1.5, 1.25], spacing
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    kilovolts.KVP, kernel.ConvolutionKernel = 100, "Br40"
    item.PixelMeasuresSequence, item.PlaneOrientationSequence = [measures], [orientation]
    item.CTXRayDetailsSequence, item.CTReconstructionSequence = [kilovolts], [kernel]
    return item


def _frame(index: int, spacing: float) -> Dataset:
    item, position, rescale, kind, dose = (Dataset() for _ in range(5))
    position.ImagePositionPatient = [-20.0, -30.0, 100.0 + spacing * index]
    rescale.RescaleSlope, rescale.RescaleIntercept, rescale.RescaleType = 1, -1024, "HU"
    kind.FrameType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    dose.CTDIvol, dose.ExposureInmAs = 3.5, 80.0
    item.PlanePositionSequence, item.PixelValueTransformationSequence = [position], [rescale]
    item.CTImageFrameTypeSequence, item.CTExposureSequence = [kind], [dose]
    return item


# leg(1, 16)[0] + 1024 as unsigned 16-bit HTJ2K, lossless, encoded once with OpenJPH (pydicom has no encoder for it).
HTJ2K_LEG = (
    "/0//UQApQAAAAAAQAAAAEAAAAAAAAAAAAAAAEAAAABAAAAAAAAAAAAABDwEB/1AACAACAAAACv9SAAwAAgABAAUEBEAB/1wAEyCIkJCQkJCQ"
    "kJCQkJCQiIiI/2QAFwABT3BlbkpQSCBWZXIgMC4yNi4zLv+QAAoAAAAAAdYAAf+TwAAmrfsFB3QAAMAAE0AAE0AAEoCK/gKHdABY/gKHdADe"
    "Agd0AMAAFTAABUwAAVJwaNlCLwFCtACWHC5pRgCjlACWug4wqwFDNADAABbcAAFuQAAW2Kf2YAy1yOHZ5AjEdS4laFASYmAAclSMICC4AKvF"
    "xIvAEGWsAE7BzJ3KG+4TnbL+AUkkRhABmADZMcFDZMIjINPMWxot2+W2nDm8AWQcQwKrOADAAC9bgABeuQAAvXgJeuaxt7ECFrr9RaPjsYZQ"
    "0ICq+mCiwIAVukX8jyKabgBPinBETEkIEjoYiYhGUx84/RDe/zrKMPCd1dsSCwXSAAEG8IacBBr+DEqVrc5XKaQZKkIgMQIQA5IBCQJygtsD"
    "lOQJEUxm3uGMsSGrWOAYg0FADXaRkyv01U1ZEkF6O2xqIrV0wcKByzhWgOKALYCBphFIBWiDDwMSAcplYwMHPSb+AEAlUtVwQY4jXBRSEYAg"
    "EEDWtAEDQOccX29tPTBsobpCDMQlwA2LA6BIBhpUIBamBf10Ql9cNSC4BJYro6AShiizBfhxANJcb/GbOZDghJ0qoMwYApLscgfgAdQxHGz4"
    "CHMrGwiDHC4A0MQGYxDAJ5IB/9k="
)
