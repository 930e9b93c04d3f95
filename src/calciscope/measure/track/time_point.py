"""A fresh measurement as tracking takes it, without the way over files."""

from __future__ import annotations

import numpy as np

from calciscope.terms.measurement import Measurement
from calciscope.terms.tracking import LabelledVoxels, ScanFacts, TimePoint


def time_point(measurement: Measurement) -> TimePoint:
    """What `read.measured` reads from the folder that this measurement is written to."""
    series, labels = measurement.series, measurement.labels
    acquired, source = series.acquisition, series.source
    index = np.argwhere(labels > 0).astype(np.int32)
    return TimePoint(
        facts=ScanFacts(
            scan_date=acquired.scan_date,
            kvp=acquired.kvp,
            kernel=acquired.kernel,
            slice_thickness_mm=acquired.slice_thickness_mm or series.volume.grid.spacing_mm[0],
            contrast_agent=acquired.contrast_agent,
            patient_key=source.patient_key,
            patient_age_years=acquired.patient_age_years,
            body_part=acquired.body_part,
            laterality=acquired.laterality,
            frame_uid=source.frame_uid,
            series_uid=source.series_uid,
            pixel_sha256=source.pixel_sha256,
            failed_checks=tuple(check.id for check in measurement.checks if not check.passed),
        ),
        deposits=measurement.deposits,
        voxels=LabelledVoxels(index=index, label=labels[tuple(index.T)], grid=series.volume.grid),
        anatomy=measurement.anatomy,
        burden=measurement.burden,
        coverage=measurement.coverage,
        calibration=measurement.recipe.calibration,
        matrix=measurement.recipe.matrix,
        coarse_ct=measurement.coarse_ct,
    )
