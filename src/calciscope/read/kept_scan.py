"""What was kept of a measured scan: any box of its voxels, and what the whole scan told."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from isal import isal_zlib

from calciscope.terms.errors import Refused
from calciscope.terms.geometry import Grid
from calciscope.terms.series import Acquisition
from calciscope.terms.whole_scan import Box, CoarseCopy, Crop, FactorMap, ScanContext, box_around, grid_of_box

LAYOUT = 1
AIR_HU = -1000
NOT_KEPT = (
    "The pixels of this scan are not kept on this server, so nothing can be measured anew in it; "
    "accept, reject, relabel and merge work without them."
)


def has_kept(folder: Path) -> bool:
    """Whether the pixels of a result are kept."""
    return (folder / "kept" / "context.json").is_file()


@dataclass(frozen=True, kw_only=True)
class KeptScan:
    """A scan as it is kept; voxels are read when they are asked for."""

    folder: Path
    said: dict[str, Any]

    @classmethod
    def of(cls, folder: Path) -> KeptScan:
        """Refused where the result in ``folder`` keeps no pixels, or these are of another layout."""
        try:
            said = json.loads((folder / "kept" / "context.json").read_bytes())
        except (OSError, ValueError):
            raise Refused(NOT_KEPT) from None
        if said.get("layout") != LAYOUT:
            raise Refused(
                "The pixels of this scan are kept in another layout than this version reads; measure it again."
            )
        return cls(folder=folder / "kept", said=said)

    @cached_property
    def grid(self) -> Grid:
        """Of the whole scan."""
        return _grid(self.said["grid"])

    @cached_property
    def context(self) -> ScanContext:
        """What the whole scan told."""
        said, factors = self.said, self.said["factors"]
        try:
            with np.load(self.folder / "context.npz", allow_pickle=False) as arrays:
                held = {name: arrays[name] for name in arrays.files}
        except (OSError, ValueError):
            raise Refused(NOT_KEPT) from None
        return ScanContext(
            acquisition=_acquisition(said["acquisition"]),
            noise_hu=float(said["noise_hu"]),
            ceiling_hu=said["ceiling_hu"],
            first_blur_mm=(float(said["first_blur_mm"][0]), float(said["first_blur_mm"][1])),
            own_blur_mm=(float(said["own_blur_mm"][0]), float(said["own_blur_mm"][1])),
            coarse=CoarseCopy(
                tissue=held["tissue"],
                hu=held["hu"],
                gas=held["gas"],
                cut=held["cut"],
                grid=_grid(said["coarse_grid"]),
            ),
            factors=None
            if factors is None
            else FactorMap(
                hu_per_mg_ml=held["factors"],
                slices=tuple(factors["slices"]),
                block=(int(factors["block"][0]), int(factors["block"][1])),
                typical_hu_per_mg_ml=float(factors["typical_hu_per_mg_ml"]),
                cut_off_share=float(factors["cut_off_share"]),
            ),
        )

    def box_of(self, deposit_id: int, margin_mm: float) -> Box | None:
        """The box around a deposit's voxels; None where it has none."""
        found = self.said["boxes"].get(str(deposit_id))
        if found is None:
            return None
        return box_around(self.grid, tuple(part[0] for part in found), tuple(part[1] for part in found), margin_mm)

    def crop(self, box: Box) -> Crop:
        """The voxels of a box within the scan; where nothing was kept there is air."""
        shape = tuple(part.stop - part.start for part in box)
        hu, labels = np.full(shape, AIR_HU, np.int16), np.zeros(shape, np.uint16)
        tissue = np.zeros(shape, np.uint8)
        block, counts = self.said["block"], self._counts
        ranges = [range(part.start // size, -(-part.stop // size)) for part, size in zip(box, block, strict=True)]
        with (self.folder / "voxels.bin").open("rb") as file:
            for z in ranges[0]:
                for y in ranges[1]:
                    for x in ranges[2]:
                        offset, size = self.said["blocks"][(z * counts[1] + y) * counts[2] + x]
                        if not size:
                            continue
                        file.seek(offset)
                        there, here = self._overlap((z, y, x), box)
                        for array, part in zip(
                            (hu, labels, tissue), self._unpacked((z, y, x), file.read(size)), strict=True
                        ):
                            array[here] = part[there]
        origin = (box[0].start, box[1].start, box[2].start)
        return Crop(hu=hu, labels=labels, tissue=tissue, grid=grid_of_box(self.grid, box), origin=origin)

    @property
    def _counts(self) -> list[int]:
        return [-(-size // by) for size, by in zip(self.grid.shape, self.said["block"], strict=True)]

    def _shape(self, at: tuple[int, int, int]) -> tuple[int, int, int]:
        """The size of one block, smaller at the far ends."""
        block, whole = self.said["block"], self.grid.shape
        sizes = [min(size, whole[k] - at[k] * size) for k, size in enumerate(block)]
        return sizes[0], sizes[1], sizes[2]

    def _unpacked(self, at: tuple[int, int, int], packed: bytes) -> tuple[Any, Any, Any]:
        shape = self._shape(at)
        raw, count = isal_zlib.decompress(packed), int(np.prod(shape))
        return (
            np.frombuffer(raw, "<i2", count).reshape(shape),
            np.frombuffer(raw, "<u2", count, 2 * count).reshape(shape),
            np.frombuffer(raw, np.uint8, count, 4 * count).reshape(shape),
        )

    def _overlap(self, at: tuple[int, int, int], box: Box) -> tuple[Box, Box]:
        """What a block and a box share, in the indices of each."""
        there, here = [], []
        for first, size, part, length in zip(at, self.said["block"], box, self._shape(at), strict=True):
            start, stop = max(first * size, part.start), min(first * size + length, part.stop)
            there.append(slice(start - first * size, stop - first * size))
            here.append(slice(start - part.start, stop - part.start))
        return (there[0], there[1], there[2]), (here[0], here[1], here[2])


def _grid(said: dict[str, Any]) -> Grid:
    shape = said["shape"]
    return Grid(
        shape=(int(shape[0]), int(shape[1]), int(shape[2])),
        affine=np.array(said["affine"], dtype=np.float64),
        frame_uid=said["frame_uid"],
    )


def _acquisition(said: dict[str, Any]) -> Acquisition:
    known = {one.name for one in fields(Acquisition)}
    kept = {name: value for name, value in said.items() if name in known}
    day = kept.get("scan_date")
    return Acquisition(**{**kept, "scan_date": date.fromisoformat(day) if day else None})
