"""The committed calibration table is what its source, the spectral model, makes."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from calciscope.measure import calibration_table

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("kvp", [70.0, 120.0, 150.0])
def test_committed_table_is_what_the_spectral_model_gives(kvp, monkeypatch):
    for package in ("spekpy", "xraylib"):
        pytest.importorskip(package, reason=f"{package} is not installed; the calibration table was not regenerated")
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    from benchmarks.polyenergetic import table

    made = table.hu_per_mg_ml(table.Beam(kvp=kvp, **table.NOMINAL), np.array(table.PATH_CM))
    committed = np.array(calibration_table.HU_PER_MG_ML)[:, calibration_table.KVP.index(kvp)]
    assert calibration_table.PATH_CM == table.PATH_CM
    np.testing.assert_allclose(made, committed, atol=2e-4)
