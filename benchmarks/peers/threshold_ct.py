"""Peer: a CT calcification measurement from well-known parts, frozen (its sha256 is held by a test).

    python threshold_ct.py DICOM_FOLDER OUT_FOLDER

SimpleITK reads the series; 130 HU threshold; connected components; label shape and intensity statistics; signed
Maurer distance from the body surface (skin depth) and from the muscle surface (layer); Agatston score; a compressed
label image; deposits.csv, measurement.json, overview.png and report.pdf. Bone is what is large. Written to be a fair
opponent: multi-threaded filters, crop to the body, 16- and 8-bit images wherever the filters allow it.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import matplotlib
import numpy as np
import SimpleITK as sitk

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.backends.backend_pdf import PdfPages

THRESHOLD_HU = 130
BODY_HU = -300
MUSCLE_HU = (0, 129)
SMALLEST_ML = 0.01
BONE_ML = 5.0
HU_PER_MG_ML = 1.3
COLUMNS = (
    "deposit_id", "kind", "volume_ml", "mass_mg", "excess_hu_ml", "peak_hu", "mean_hu", "background_hu", "agatston",
    "longest_diameter_mm", "x_mm", "y_mm", "z_mm", "skin_depth_mm", "layer",
)  # fmt: skip


def read(folder: str) -> sitk.Image:
    """The largest series of a folder as one int16 image."""
    reader = sitk.ImageSeriesReader()
    series = {uid: reader.GetGDCMSeriesFileNames(folder, uid) for uid in reader.GetGDCMSeriesIDs(folder)}
    reader.SetFileNames(max(series.values(), key=len))
    reader.SetOutputPixelType(sitk.sitkInt16)
    return reader.Execute()


def body_mask(image: sitk.Image) -> sitk.Image:
    """The body: above -300 HU, opened to drop the table, everything larger than 50 ml, holes filled slice by slice."""
    mask = sitk.BinaryThreshold(image, BODY_HU, 32767)
    mask = sitk.BinaryMorphologicalOpening(mask, (3, 3, 0))
    labels = sitk.ConnectedComponent(mask)
    voxel_ml = float(np.prod(image.GetSpacing())) / 1000.0
    kept = sitk.RelabelComponent(labels, minimumObjectSize=int(50 / voxel_ml), sortByObjectSize=True) > 0
    return sitk.BinaryFillhole(kept)


def cropped(image: sitk.Image, body: sitk.Image) -> tuple[sitk.Image, sitk.Image]:
    """Both cut to the body's bounding box and a margin."""
    shape = sitk.LabelShapeStatisticsImageFilter()
    shape.Execute(body)
    if not shape.HasLabel(1):
        return image, body
    start, size = np.array(shape.GetBoundingBox(1)).reshape(2, 3)
    low = np.maximum(start - 4, 0)
    high = np.minimum(start + size + 4, image.GetSize())
    extent = [int(value) for value in high - low]
    corner = [int(value) for value in low]
    return sitk.RegionOfInterest(image, extent, corner), sitk.RegionOfInterest(body, extent, corner)


def agatston(hu: np.ndarray, mask: np.ndarray, pixel_mm2: float, slice_mm: float) -> float:
    """Agatston score of one deposit's crop: area x weight over slices, normalised to 3 mm slices."""
    total = 0.0
    for plane, inside in zip(hu, mask, strict=True):
        area = float(inside.sum()) * pixel_mm2
        if area >= 1.0:
            total += area * min(4, int(plane[inside].max()) // 100)
    return total * slice_mm / 3.0


def layer_of(muscle_mm: float, skin_mm: float) -> str:
    """Layer from the centre's distances; negative inside muscle."""
    if skin_mm <= 2.5:
        return "cutaneous"
    if abs(muscle_mm) <= 2.0:
        return "fascial"
    return "intramuscular" if muscle_mm < 0 else "subcutaneous"


def measure(image: sitk.Image, body: sitk.Image) -> tuple[list[dict[str, object]], sitk.Image]:
    """One row a component above the threshold, and the label image (deposit id)."""
    bright = sitk.And(sitk.BinaryThreshold(image, THRESHOLD_HU, 32767), body)
    voxel_ml = float(np.prod(image.GetSpacing())) / 1000.0
    components = sitk.ConnectedComponent(bright, True)
    labels = sitk.RelabelComponent(components, minimumObjectSize=max(1, round(SMALLEST_ML / voxel_ml)))
    shape = sitk.LabelShapeStatisticsImageFilter()
    shape.ComputeFeretDiameterOff()
    shape.Execute(labels)
    intensity = sitk.LabelIntensityStatisticsImageFilter()
    intensity.Execute(labels, image)
    skin = sitk.SignedMaurerDistanceMap(body, insideIsPositive=True, squaredDistance=False, useImageSpacing=True)
    muscle_mask = sitk.BinaryMorphologicalOpening(
        sitk.And(sitk.BinaryThreshold(image, MUSCLE_HU[0], MUSCLE_HU[1]), body), (2, 2, 0)
    )
    muscle = sitk.SignedMaurerDistanceMap(muscle_mask, squaredDistance=False, useImageSpacing=True)
    hu, label_array = sitk.GetArrayViewFromImage(image), sitk.GetArrayViewFromImage(labels)
    skin_mm, muscle_mm = sitk.GetArrayViewFromImage(skin), sitk.GetArrayViewFromImage(muscle)
    column, row, depth = image.GetSpacing()
    rows: list[dict[str, object]] = []
    for label in shape.GetLabels():
        x, y, z, width, height, length = shape.GetBoundingBox(label)
        box = (slice(z, z + length), slice(y, y + height), slice(x, x + width))
        inside = label_array[box] == label
        wide = tuple(slice(max(0, part.start - 3), part.stop + 3) for part in box)
        ring = label_array[wide] == 0
        background = float(np.median(hu[wide][ring])) if ring.any() else 0.0
        volume_ml = shape.GetNumberOfPixels(label) * voxel_ml
        mean_hu = intensity.GetMean(label)
        excess = (mean_hu - background) * volume_ml
        centre = image.TransformPhysicalPointToIndex(intensity.GetCenterOfGravity(label))
        at = (centre[2], centre[1], centre[0])
        is_bone = volume_ml > BONE_ML
        corners = inside.shape * np.array((depth, row, column))
        rows.append(
            {
                "deposit_id": label, "kind": "bone" if is_bone else "calcinosis", "volume_ml": volume_ml,
                "mass_mg": mean_hu * volume_ml / HU_PER_MG_ML, "excess_hu_ml": excess,
                "peak_hu": intensity.GetMaximum(label), "mean_hu": mean_hu, "background_hu": background,
                "agatston": agatston(hu[box], inside, row * column, depth),
                "longest_diameter_mm": float(np.linalg.norm(corners)),
                "x_mm": intensity.GetCenterOfGravity(label)[0], "y_mm": intensity.GetCenterOfGravity(label)[1],
                "z_mm": intensity.GetCenterOfGravity(label)[2], "skin_depth_mm": float(skin_mm[box][inside].min()),
                "layer": layer_of(float(muscle_mm[at]), float(skin_mm[at])),
            }
        )  # fmt: skip
    return rows, labels


def overview(image: sitk.Image, labels: sitk.Image, rows: list[dict[str, object]]) -> plt.Figure:
    """Two maximum projections with the deposits marked and numbered."""
    hu, label_array = sitk.GetArrayViewFromImage(image), sitk.GetArrayViewFromImage(labels)
    figure, axes = plt.subplots(1, 2, figsize=(11, 8))
    spacing = image.GetSpacing()
    for panel, axis in zip(axes, (1, 2), strict=True):
        pixel = spacing[0] if axis == 1 else spacing[1]
        panel.imshow(hu.max(axis=axis)[::-1], cmap="gray", vmin=-150, vmax=800, aspect=spacing[2] / pixel)
        panel.contour(label_array.max(axis=axis)[::-1] > 0, levels=[0.5], colors="red", linewidths=0.5)
        for row in rows:
            if row["kind"] == "calcinosis":
                point = (row["x_mm"], row["y_mm"], row["z_mm"])
                index = image.TransformPhysicalPointToIndex(point)
                across = index[0] if axis == 1 else index[1]
                panel.text(across, hu.shape[0] - 1 - index[2], str(row["deposit_id"]), color="yellow", fontsize=6)
        panel.axis("off")
    return figure


def report(out: Path, image: sitk.Image, rows: list[dict[str, object]], figure: plt.Figure) -> None:
    """A PDF: the overview, then the six largest deposits as key images with a table."""
    hu = sitk.GetArrayViewFromImage(image)
    with PdfPages(out / "report.pdf") as pdf:
        pdf.savefig(figure)
        page, axes = plt.subplots(2, 3, figsize=(11, 8))
        found = [row for row in rows if row["kind"] == "calcinosis"]
        for panel, row in zip(axes.flat, found, strict=False):
            x, y, z = image.TransformPhysicalPointToIndex((row["x_mm"], row["y_mm"], row["z_mm"]))
            panel.imshow(hu[z, max(0, y - 40) : y + 40, max(0, x - 40) : x + 40], cmap="gray", vmin=-160, vmax=600)
            panel.set_title(f"{row['deposit_id']}: {row['mass_mg']:.0f} mg, {row['layer']}", fontsize=8)
            panel.axis("off")
        pdf.savefig(page)
        sheet = plt.figure(figsize=(11, 8))
        shown = [[row[key] for key in COLUMNS] for row in found[:40]]
        text = [[f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells] for cells in shown]
        if text:
            plt.axis("off")
            plt.table(cellText=text, colLabels=COLUMNS, loc="center", fontsize=5)
        pdf.savefig(sheet)
    plt.close("all")


def main(folder: str, out: Path) -> None:
    """DICOM folder to all outputs."""
    out.mkdir(parents=True, exist_ok=True)
    image = read(folder)
    image, body = cropped(image, body_mask(image))
    rows, labels = measure(image, body)
    sitk.WriteImage(sitk.Cast(labels, sitk.sitkUInt16), str(out / "segmentation.nii.gz"), useCompression=True)
    with open(out / "deposits.csv", "w", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    counted = [row for row in rows if row["kind"] == "calcinosis"]
    burden = {key: sum(float(row[key]) for row in counted) for key in ("mass_mg", "volume_ml", "agatston")}
    (out / "measurement.json").write_text(json.dumps({"burden": burden, "deposits": rows}, indent=1))
    figure = overview(image, labels, rows)
    figure.savefig(out / "overview.png", dpi=150)
    report(out, image, rows, figure)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
