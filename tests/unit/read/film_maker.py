"""Writes small radiographs and ultrasound images for the tests."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset

from tests.unit.read.dicom_maker import EXPLICIT, UID_ROOT, to_bytes, with_meta

DX, CR = "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.1"
MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.3.1"
ULTRASOUND = "1.2.840.10008.5.1.4.1.1.6.1"


def limb(rows: int = 160, columns: int = 120) -> np.ndarray:
    """Density 0..1 [row, column]: a limb with a bone and a round deposit at (x 30, y 60), 8 pixels in radius."""
    y, x = np.mgrid[:rows, :columns].astype(float)
    shade = np.where(np.abs(x - columns / 2) < columns * 0.45, 0.3, 0.02)
    shade = shade + np.where(np.abs(x - columns / 2) < columns * 0.1, 0.3, 0.0)
    return shade + 0.25 * np.sqrt(np.maximum(0.0, 1 - ((x - 30) ** 2 + (y - 60) ** 2) / 64.0))


def radiograph(shade: np.ndarray | None = None, **tags: Any) -> bytes:
    """A DX file of 12 bits; ``tags`` override by keyword, None leaves one out."""
    density = limb() if shade is None else shade
    white = tags.get("PhotometricInterpretation", "MONOCHROME2") == "MONOCHROME1"
    stored = np.rint(4095 * np.clip(1 - density if white else density, 0, 1)).astype("<u2")
    data = _common(stored.shape, "DX", DX)
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.ImagerPixelSpacing = [0.2, 0.2]
    data.BodyPartExamined, data.ImageLaterality, data.ViewPosition = "FOREARM", "L", "AP"
    data.PixelData = stored.tobytes()
    data["PixelData"].VR = "OW"
    return _written(data, tags)


def region(**tags: Any) -> Dataset:
    """A calibrated region of 0.1 mm a pixel, x 20 to 139, y 10 to 109."""
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = 1, 1, 2
    item.RegionLocationMinX0, item.RegionLocationMinY0 = 20, 10
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = 139, 109
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 3
    item.PhysicalDeltaX = item.PhysicalDeltaY = 0.01
    for name, value in tags.items():
        setattr(item, name, value)
    return item


def ultrasound(*, regions: list[Dataset] | None = None, **tags: Any) -> bytes:
    """A colour ultrasound image, 120 x 160, with a bright line from (x 60, y 50) to (x 99, y 50)."""
    grey = np.full((120, 160), 40, dtype=np.uint8)
    grey[48:53, 60:100] = 230
    data = _common(grey.shape, "US", ULTRASOUND)
    data.SamplesPerPixel, data.PhotometricInterpretation, data.PlanarConfiguration = 3, "RGB", 0
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    data.SequenceOfUltrasoundRegions = [region()] if regions is None else regions
    data.PixelData = np.repeat(grey[:, :, None], 3, axis=2).tobytes()
    data["PixelData"].VR = "OB"
    return _written(data, tags)


def sequence(frames: int, **tags: Any) -> bytes:
    """As many grey frames of ultrasound, whose bright line grows brighter from frame to frame."""
    grey = np.full((frames, 120, 160), 40, dtype=np.uint8)
    grey[:, 48:53, 60:100] = np.linspace(120, 230, frames).astype(np.uint8)[:, None, None]
    data = _common(grey.shape[1:], "US", MULTI_FRAME)
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    data.NumberOfFrames, data.SequenceOfUltrasoundRegions = frames, [region()]
    data.PixelData = grey.tobytes()
    data["PixelData"].VR = "OB"
    return _written(data, tags)


def coloured(photometric: str) -> bytes:
    """The ultrasound image with a red box of flow."""
    red = (200, 30, 30) if photometric == "RGB" else (81, 110, 212)
    grey = (40, 40, 40) if photometric == "RGB" else (40, 128, 128)
    shade = np.full((120, 160, 3), grey, dtype=np.uint8)
    shade[60:90, 60:100] = red
    data = dcmread(io.BytesIO(ultrasound()))
    data.PhotometricInterpretation, data.PixelData = photometric, shade.tobytes()
    held = io.BytesIO()
    data.save_as(held)
    return held.getvalue()


def picture(shade: np.ndarray | None = None, kind: str = "PNG") -> bytes:
    """The limb as an exported picture of 8 bits."""
    density = limb() if shade is None else shade
    held = io.BytesIO()
    Image.fromarray(np.rint(255 * np.clip(density, 0, 1)).astype(np.uint8)).save(held, kind)
    return held.getvalue()


def _common(shape: tuple[int, ...], modality: str, sop_class: str) -> Dataset:
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = sop_class, f"{UID_ROOT}5.1"
    data.StudyInstanceUID, data.SeriesInstanceUID = f"{UID_ROOT}55", f"{UID_ROOT}56"
    data.Modality, data.StudyDate = modality, "20240307"
    data.PatientName, data.PatientID, data.PatientBirthDate = "Example^Ada", "H-0001", "20140302"
    data.Rows, data.Columns = shape[:2]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    return data


def _written(data: Dataset, tags: dict[str, Any]) -> bytes:
    syntax = str(tags.pop("syntax", EXPLICIT))
    for name, value in tags.items():
        if value is None:
            if name in data:
                delattr(data, name)
        else:
            setattr(data, name, value)
    return to_bytes(with_meta(data, EXPLICIT), syntax)
