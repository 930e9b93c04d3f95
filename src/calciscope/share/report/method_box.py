"""The report's small print: how the numbers were made, the dose, and what identifies the scan."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from calciscope.share.report import words
from calciscope.terms.measurement import Calibration, Matrix, Measurement
from calciscope.terms.series import Acquisition

PATIENT_KEY_CHARACTERS = 16  # enough to match by eye; the whole key is in measurement.json


def version_words() -> str:
    """Calciscope and its version."""
    try:
        return f"Calciscope {version('calciscope')}"
    except PackageNotFoundError:
        return "Calciscope"


def method(measurement: Measurement) -> list[list[str]]:
    """[heading, text] pairs."""
    recipe = measurement.recipe
    return [
        [
            "Mass",
            "Calcium mineral as mg hydroxyapatite: the excess over the local background, summed over the deposit and "
            "its blurred rim (not a threshold), less the soft tissue within it, divided by the calibration. "
            "Only candidates of kind calcinosis count in the burden.",
        ],
        ["Volume", "Corrected for partial volume; the Agatston score (130 HU) is given to compare with other work."],
        ["Calibration", _calibration(recipe.calibration)],
        ["Matrix", _matrix(recipe.matrix)],
        [
            "Interval",
            "95 %; holds noise, partial volume, background, matrix and calibration. The last two are shared by all "
            "deposits, so the interval of the burden is wider than that of independent parts.",
        ],
        [
            "Layer, depth",
            "Layer of most of the mass; others touched follow a plus. Depth is from the body surface to the "
            "deposit's nearest point.",
        ],
        [
            "Truth",
            "Accuracy is known from digital phantoms and from deposits inserted into real scans; no labelled CT of "
            "calcinosis exists. A person must confirm every finding.",
        ],
    ]


def _calibration(calibration: Calibration) -> str:
    value = f"{calibration.hu_per_mg_ml:.3f} HU per mg/ml"
    doubt = f"relative uncertainty {calibration.relative_sd * 100:.1f} % (1 SD)"
    if calibration.source == "given":
        return f"{value}, given by the user; {doubt}."
    voltage = f"{calibration.kvp:g} kV" + (" (assumed, not recorded)" if calibration.kvp_assumed else "")
    size = calibration.water_equivalent_cm
    body = "" if size is None else f" and rays that cross {size:.1f} cm of water; adjusted to each deposit's place"
    return f"{value}, modelled for {voltage}{body}; {doubt}."


def _matrix(matrix: Matrix) -> str:
    if matrix.hu is None:
        return "The mineral is taken to sit in the tissue around it (background)."
    return f"The mineral is taken to sit in tissue of {matrix.hu:g} HU (1 SD {matrix.sd_hu:g} HU)."


def dose(acquired: Acquisition) -> str:
    """The radiation dose as the scanner stated it."""
    parts = []
    if acquired.ctdi_vol_mgy is not None:
        parts.append(f"CTDIvol {words.amount(acquired.ctdi_vol_mgy)} mGy")
    if acquired.dlp_mgy_cm is not None:
        parts.append(f"DLP {words.amount(acquired.dlp_mgy_cm)} mGy cm")
    return f"{', '.join(parts)} as stated by the scanner." if parts else "Not stated in the scan."


def series_facts(measurement: Measurement) -> list[list[str]]:
    """[name, value] pairs that let a reader find the scan again without naming the patient."""
    source = measurement.series.source
    filled = f"{len(source.slices_filled)} filled in from their neighbours" if source.slices_filled else ""
    left_out = "; ".join(f"{one.count} {one.what} ({one.why})" for one in source.left_out)
    facts = [
        ["Series", source.series_uid or "none (not DICOM)"],
        ["Chosen because", source.chosen_because],
        ["Patient key", (source.patient_key or "none")[:PATIENT_KEY_CHARACTERS]],
        ["Pixels (SHA-256)", source.pixel_sha256],
        ["Left out", left_out],
        ["Slices", filled],
    ]
    return [[name, words.printable(value)] for name, value in facts if value]
