"""A CT scan of a scene: polychromatic signal, noise, logarithm, water precorrection, back-projection, HU."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks.polyenergetic.beam import Beam, Float64, mass_attenuation, photons, response
from benchmarks.polyenergetic.project import back_projected, filtered, sinogram, volume_ml
from benchmarks.polyenergetic.scene import BASIS, Scene
from benchmarks.polyenergetic.scenes import LENGTH_MM

PLANES_A_MM = 5  # planes a millimetre that a slice is the mean of
ENERGY_GROUP_KEV = 3
DEPTH_CM = np.linspace(-2.0, 70.0, 577)  # of water, in the precorrection


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """Beam, sampling and reconstruction. ``noise_hu``: SD in the middle of the middle slice, 0 for none."""

    beam: Beam
    size: int = 320
    views: int = 480
    slice_mm: float = 1.0
    softness: float = 0.6
    noise_hu: float = 0.0
    bowtie_al_mm: float = 12.0  # aluminium at 20 cm off the axis, growing with the square; air-calibrated


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One deposit: mass (mg), volume (ml), place (LPS mm), fill (mg/ml) and what it lies in."""

    mass_mg: float
    volume_ml: float
    centre_mm: tuple[float, float, float]
    mg_ml: float
    surroundings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """HU [slice, row, column] float32, the affine to LPS mm ((column, row, slice, 1)), and the truth."""

    hu: NDArray[np.float32]
    affine: Float64
    kvp: float
    slice_mm: float
    truths: tuple[Truth, ...]


@numba.njit(cache=True, nogil=True)
def _detected(areal, attenuation, weights, signal, spread):  # type: ignore[no-untyped-def]
    """Mean signal and its variance per unit of photons for [basis, view, bin] areal densities (g/cm2)."""
    materials, views, bins = areal.shape
    for view in range(views):
        for detector in range(bins):
            for energy in range(weights.shape[1]):
                depth = 0.0
                for material in range(materials):
                    depth += attenuation[material, energy] * areal[material, view, detector]
                passed = np.exp(-depth)
                signal[view, detector] += weights[0, energy] * passed
                spread[view, detector] += weights[1, energy] * passed


class Simulator:
    """One scanner, ready to scan scenes."""

    def __init__(self, scanner: Scanner, field_mm: float) -> None:
        self.scanner, self.field_mm = scanner, field_mm
        self.pixel_mm = field_mm / scanner.size
        self.bin_mm = 0.8 * self.pixel_mm
        self.bins = int(np.ceil(1.05 * field_mm / self.bin_mm))
        energy, fluence = photons(scanner.beam)
        groups = np.arange(len(energy)) // ENERGY_GROUP_KEV
        pooled = np.bincount(groups, fluence)
        mean_energy = np.bincount(groups, fluence * energy) / pooled
        gain = response(mean_energy)
        self.weights = np.stack([pooled * gain, pooled * gain**2])
        self.attenuation = np.stack([mass_attenuation(name, mean_energy) for name in BASIS])
        self.water = mass_attenuation("water", mean_energy)
        offset_mm = (np.arange(self.bins) - (self.bins - 1) / 2) * self.bin_mm
        self.bowtie_g_cm2 = 2.70 * scanner.bowtie_al_mm / 10.0 * (offset_mm / 200.0) ** 2
        behind = self.weights[0] * np.exp(-np.outer(self.bowtie_g_cm2, self.attenuation[BASIS.index("Al")]))
        self.known = -np.log(behind @ np.exp(-np.outer(self.water, DEPTH_CM)))  # [bin, depth]

    def scan(self, scene: Scene, seed: int = 0) -> Scan:
        """Scan a scene; the noise is drawn from ``seed``."""
        slices = round(LENGTH_MM / self.scanner.slice_mm)
        step = 1.0 / PLANES_A_MM
        planes = (np.arange(round(LENGTH_MM / step)) + 0.5) * step - LENGTH_MM / 2
        stacks = planes.reshape(slices, -1)
        random = np.random.default_rng(seed)
        photons_a_bin = self._photons(scene, stacks[slices // 2]) if self.scanner.noise_hu else 0.0
        hu = np.stack([self.slice_hu(scene, stack, photons_a_bin, random) for stack in stacks]).astype(np.float32)
        half = (self.scanner.size - 1) / 2 * self.pixel_mm
        affine = np.diag([self.pixel_mm, self.pixel_mm, self.scanner.slice_mm, 1.0])
        affine[:3, 3] = -half, -half, stacks[0].mean()
        truths = []
        for part in scene.deposits:
            volume = volume_ml(part, planes)
            truths.append(
                Truth(
                    mass_mg=volume * part.mg_ml,
                    volume_ml=volume,
                    centre_mm=part.centre,
                    mg_ml=part.mg_ml,
                    surroundings=part.surroundings,
                )
            )
        return Scan(
            hu=hu, affine=affine, kvp=self.scanner.beam.kvp, slice_mm=self.scanner.slice_mm, truths=tuple(truths)
        )

    def slice_hu(self, scene: Scene, z_mm: Float64, photons_a_bin: float, random: np.random.Generator) -> Float64:
        """One slice in HU."""
        areal = sinogram(scene, z_mm, self.scanner.views, self.bins, self.bin_mm)
        areal[BASIS.index("Al")] += self.bowtie_g_cm2
        signal, spread = np.zeros(areal.shape[1:]), np.zeros(areal.shape[1:])
        _detected(areal, self.attenuation, self.weights, signal, spread)
        if photons_a_bin:  # a compound Poisson sum of many quanta
            signal = signal + random.standard_normal(signal.shape) * np.sqrt(spread / photons_a_bin)
        water_cm = self._precorrected(np.maximum(signal, signal.max() * 1e-7))
        image = back_projected(
            filtered(water_cm, self.bin_mm, self.scanner.softness), self.scanner.size, self.pixel_mm, self.bin_mm
        )
        return 1000.0 * (image - 1.0)

    def _precorrected(self, signal: Float64) -> Float64:
        """Centimetres of water that would give each bin's signal behind its own part of the bowtie."""
        logged = -np.log(signal)
        return np.stack([np.interp(logged[:, bin_], known, DEPTH_CM) for bin_, known in enumerate(self.known)], axis=1)

    def _photons(self, scene: Scene, z_mm: Float64) -> float:
        """Photons a bin that give the wanted noise, from one trial slice."""
        trial = 1e6
        noisy, clean = (self.slice_hu(scene, z_mm, count, np.random.default_rng(1)) for count in (trial, 0.0))
        middle = slice(self.scanner.size // 2 - 20, self.scanner.size // 2 + 20)
        return trial * (float(np.std((noisy - clean)[middle, middle])) / self.scanner.noise_hu) ** 2


def simulated(scene: Scene, scanner: Scanner, seed: int = 0) -> Scan:
    """Scan one scene with one scanner."""
    return Simulator(scanner, scene.field_mm).scan(scene, seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One noise-free slice of 1 mm through rods, HU [row, column], and the same slice of the bodies alone."""

    hu: Float64
    background_hu: Float64
    pixel_mm: float


def section(scene: Scene, scanner: Scanner) -> Section:
    """Scan a planar scene with and without its deposits."""
    simulator = Simulator(replace(scanner, noise_hu=0.0), scene.field_mm)
    middle, quiet = np.array([0.0]), np.random.default_rng(0)
    hu, background = (simulator.slice_hu(part, middle, 0.0, quiet) for part in (scene, scene.without_deposits()))
    return Section(hu=hu, background_hu=background, pixel_mm=simulator.pixel_mm)
