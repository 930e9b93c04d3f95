"""What every measure may know about the whole scan, worked out once."""

from __future__ import annotations

from dataclasses import dataclass

import edt
import numpy as np
from numpy.typing import NDArray

from calciscope.measure.coarse import CoarseScan, coarsen, patient_axes
from calciscope.measure.fascia import outer_side
from calciscope.measure.neighbourhood import Segmentation
from calciscope.measure.regions.atlas import BodyAtlas, read_atlas
from calciscope.terms.geometry import Bool, Float64, Grid, Volume
from calciscope.terms.series import Acquisition

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A scan and its segmentation, with coarse distance maps (mm, on ``coarse.grid``) and a map of body regions.

    ``surface_mm``: to the nearest cell outside the body; ``cut_mm``: to the nearest body cell where the image ends
    sideways, infinite when the body is whole; ``outer``: coarse cells on the skin's side of the deep fascia or near it;
    ``atlas``: region, side and body cavity of every coarse cell.
    """

    volume: Volume
    acquisition: Acquisition
    segmentation: Segmentation
    coarse: CoarseScan
    surface_mm: Float32
    cut_mm: Float32 | None
    outer: Bool
    atlas: BodyAtlas

    @property
    def grid(self) -> Grid:
        """The scan's own grid."""
        return self.volume.grid

    def near(self, field_mm: Float32 | None, lps_mm: Float64) -> Float64:
        """Read a coarse distance map at LPS points, nearest cell; infinite where there is no map."""
        if field_mm is None:
            return np.full(np.shape(lps_mm)[:-1], np.inf)
        z, y, x = np.moveaxis(self.coarse.cell_of(lps_mm), -1, 0)
        return field_mm[z, y, x].astype(np.float64)

    def in_box(self, field: Bool, box: tuple[slice, slice, slice]) -> Bool:
        """A coarse map at every voxel of a box of the scan, [slice, row, column].

        The coarse axes are those of the scan in another order, so each is looked up alone.
        """
        axes, _ = patient_axes(self.grid)
        cells = []
        for k, axis in enumerate(axes):
            index = np.zeros((box[axis].stop - box[axis].start, 3))
            index[:, axis] = np.arange(box[axis].start, box[axis].stop)
            cells.append(self.coarse.cell_of(self.grid.to_lps(index))[:, k])
        return np.asarray(field[np.ix_(*cells)].transpose(np.argsort(axes)))


def survey(volume: Volume, acquisition: Acquisition, segmentation: Segmentation) -> Scene:
    """Work out the whole-scan context of the measures, with what the segmentation knows already."""
    coarse = segmentation.coarse or coarsen(volume, segmentation.tissue)
    atlas = segmentation.atlas or read_atlas(coarse, acquisition)
    cell_mm = coarse.grid.spacing_mm
    return Scene(
        volume=volume,
        acquisition=acquisition,
        segmentation=segmentation,
        coarse=coarse,
        surface_mm=edt.edt(coarse.body, anisotropy=cell_mm, black_border=False, parallel=2),
        cut_mm=edt.edt(~coarse.cut, anisotropy=cell_mm, black_border=False, parallel=2) if coarse.cut.any() else None,
        outer=outer_side(coarse, atlas.cavity),
        atlas=atlas,
    )
