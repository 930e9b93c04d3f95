"""Named sets of deposits, for benchmarks and tests to ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from calciscope.phantom.deposits.change import bar, pair
from calciscope.phantom.deposits.compact import cluster, near_bone, nodule, on_bone
from calciscope.phantom.deposits.planned import PlannedDeposit
from calciscope.phantom.deposits.site import Ground
from calciscope.phantom.deposits.spread import lace, line, plaque, sheet
from calciscope.phantom.deposits.vascular import phlebolith, tram_track
from calciscope.phantom.spec import PhantomSpec
from calciscope.terms.deposits import Layer
from calciscope.terms.errors import WrongUsage

DIAMETERS_MM = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0)
MIXED_DIAMETERS_MM = (4.0, 8.0, 5.0, 12.0, 3.0, 6.0, 10.0, 16.0)
GRAIN_DIAMETERS_MM = (2.0, 2.5, 2.8)
CONCENTRATIONS_MG_ML = (200.0, 400.0, 800.0, 100.0, 1200.0)
USUAL_MG_ML = (300.0, 500.0, 800.0)
SHEET_MM = (0.8, 1.2, 1.8, 3.0)
DENSE_MG_ML = 2500.0  # old deposits are as dense as enamel
DEFAULT_COUNT = 24
CROWDED_GAP_MM = 1.6
FAT, MUSCLE = (Layer.SUBCUTANEOUS,), (Layer.INTRAMUSCULAR,)

Found = list[PlannedDeposit]
Preset = Callable[[PhantomSpec, Ground], Found]


def _kept(found: Iterable[PlannedDeposit | None]) -> Found:
    return [deposit for deposit in found if deposit is not None]


def _none(spec: PhantomSpec, ground: Ground) -> Found:
    return []


def _array(layers: tuple[Layer, ...], diameters_mm: tuple[float, ...] = DIAMETERS_MM, lobed: bool = False) -> Preset:
    """Nodules that cycle through diameters, concentrations and layers; what finds no room is left out."""

    def place(spec: PhantomSpec, ground: Ground) -> Found:
        diameters = (spec.diameter_mm,) if spec.diameter_mm else diameters_mm
        densities = (spec.concentration_mg_ml,) if spec.concentration_mg_ml else CONCENTRATIONS_MG_ML
        found = []
        for n in range(spec.count or DEFAULT_COUNT):
            diameter = diameters[n % len(diameters)]
            density = densities[(n + n // len(diameters)) % len(densities)]
            layer = layers[(n + n // (len(diameters) * len(densities))) % len(layers)]
            found.append(nodule(spec, ground, f"nodule-{n + 1}", layer, diameter, density, lobed))
        return _kept(found)

    return place


def _series(one: Callable[[PhantomSpec, Ground, str, int, float], PlannedDeposit | None], usual: int) -> Preset:
    """Several deposits of one sort, cycling through the usual concentrations unless one is asked for."""

    def place(spec: PhantomSpec, ground: Ground) -> Found:
        densities = (spec.concentration_mg_ml,) if spec.concentration_mg_ml else USUAL_MG_ML
        return _kept(
            one(spec, ground, str(n + 1), n, densities[n % len(densities)]) for n in range(spec.count or usual)
        )

    return place


def _crowded(spec: PhantomSpec, ground: Ground) -> Found:
    ground.gap_mm = CROWDED_GAP_MM
    ground.limbs = ground.limbs[-1:]
    return _array(FAT + MUSCLE, (3.0, 5.0, 8.0), lobed=True)(spec, _near_middle(ground, spec.count or 40))


def _near_middle(ground: Ground, count: int) -> Ground:
    """Keep the deposits together: the fewer there are, the shorter the stretch of limb they share."""
    ground.stretch_mm = 25.0 + 1.2 * count
    return ground


def _vessels(spec: PhantomSpec, ground: Ground) -> Found:
    found: list[PlannedDeposit | None] = []
    for limb in range(len(ground.limbs)):
        found += tram_track(spec, ground, limb, f"artery-{limb + 1}")
        found.append(phlebolith(spec, ground, limb, f"phlebolith-{limb + 1}"))
    return _kept(found)


def _changing(spec: PhantomSpec, ground: Ground) -> Found:
    return [*pair(spec, ground, "pair", 6.0, 500.0), *_kept([bar(spec, ground, "bar", 500.0)])]


def _mixed(spec: PhantomSpec, ground: Ground) -> Found:
    found: list[PlannedDeposit | None] = [
        nodule(spec, ground, "mass", Layer.INTRAMUSCULAR, 26.0 * spec.body_scale, 320.0, lobed=True),
        sheet(spec, ground, "sheet", 1.5, (18.0, 14.0), 500.0),
        lace(spec, ground, "lace", 450.0),
        plaque(spec, ground, "plaque", 1.4, (9.0, 7.0), 600.0),
        on_bone(spec, ground, "periosteal", 9.0, 700.0),
        line(spec, ground, "line", 32.0, 0.9, 600.0, 0.5),
        cluster(spec, ground, "cluster", Layer.SUBCUTANEOUS, 700.0),
        near_bone(spec, ground, "near-bone", 6.0, 400.0),
        nodule(spec, ground, "dense", Layer.SUBCUTANEOUS, 6.0, DENSE_MG_ML),
        nodule(spec, ground, "grain-1", Layer.SUBCUTANEOUS, 2.4, 800.0),
        nodule(spec, ground, "grain-2", Layer.INTRAMUSCULAR, 2.6, 900.0),
        *_changing(spec, ground),
    ]
    if spec.vascular:
        found += _vessels(spec, ground)
    found += _array(FAT + MUSCLE, MIXED_DIAMETERS_MM, lobed=True)(spec, ground)
    return _kept(found)


PRESETS: dict[str, Preset] = {
    "none": _none,
    "nodules": _array(FAT + MUSCLE),
    "nodules-fat": _array(FAT),
    "nodules-muscle": _array(MUSCLE),
    "lobulated": _array(FAT + MUSCLE, lobed=True),
    "grains": _array(FAT + MUSCLE, GRAIN_DIAMETERS_MM),
    "clusters": _series(
        lambda spec, ground, n, i, mg: cluster(spec, ground, f"cluster-{n}", (FAT + MUSCLE)[i % 2], mg), 8
    ),
    "sheets": _series(
        lambda spec, ground, n, i, mg: sheet(
            spec, ground, f"sheet-{n}", spec.diameter_mm or SHEET_MM[i % len(SHEET_MM)], (16.0, 12.0), mg
        ),
        8,
    ),
    "plaques": _series(lambda spec, ground, n, i, mg: plaque(spec, ground, f"plaque-{n}", 1.4, (9.0, 7.0), mg), 8),
    "lines": _series(
        lambda spec, ground, n, i, mg: line(spec, ground, f"line-{n}", 30.0, 0.9, mg, (0.5, 0.0)[i % 2]), 8
    ),
    "laces": _series(lambda spec, ground, n, i, mg: lace(spec, ground, f"lace-{n}", mg), 4),
    "on-bone": _series(
        lambda spec, ground, n, i, mg: on_bone(spec, ground, f"on-bone-{n}", spec.diameter_mm or 9.0, mg), 6
    ),
    "near-bone": _series(
        lambda spec, ground, n, i, mg: near_bone(spec, ground, f"near-bone-{n}", spec.diameter_mm or 6.0, mg), 10
    ),
    "dense": lambda spec, ground: _array(FAT + MUSCLE, (4.0, 6.0, 9.0))(_dense(spec), ground),
    "crowded": _crowded,
    "vascular": _vessels,
    "changing": _changing,
    "mixed": _mixed,
}


def _dense(spec: PhantomSpec) -> PhantomSpec:
    return replace(spec, concentration_mg_ml=spec.concentration_mg_ml or DENSE_MG_ML, count=spec.count or 8)


def plan(spec: PhantomSpec, ground: Ground) -> Found:
    """Return the deposits of the preset that ``spec`` names."""
    if spec.deposits not in PRESETS:
        raise WrongUsage(f"There is no deposit preset '{spec.deposits}'; there are: {', '.join(PRESETS)}.")
    return PRESETS[spec.deposits](spec, ground)
