"""What the report says, as plain values for the template: every number is already words."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.share.kind_marks import IMPORTANCE, KIND_MARKS
from calciscope.share.pictures.key_image import KeyImage
from calciscope.share.report import method_box, words
from calciscope.share.report.parts_of_burden import Part, by_layer, by_region
from calciscope.terms.checks import Check, Voids
from calciscope.terms.deposits import Deposit, Kind
from calciscope.terms.measurement import Measurement

ROWS_OF_DEPOSITS = 120  # longer tables are for the CSV file
ROWS_SET_ASIDE = 40
PARTS_SHOWN = 8
ALL_PASSED = {0: "No check of the acquisition was made.", 1: "The one check of the acquisition passed."}
RESEARCH_USE = "Research use only: neither CE-marked nor FDA-cleared."


def content(measurement: Measurement, keys: Sequence[KeyImage]) -> dict[str, object]:
    """All words and numbers of the report but the projections."""
    calcinosis = [one for one in measurement.deposits if one.kind is Kind.CALCINOSIS]
    others = sorted(
        (one for one in measurement.deposits if one.kind is not Kind.CALCINOSIS),
        key=lambda one: (IMPORTANCE[one.kind], one.deposit_id),
    )
    return {
        "research_use": RESEARCH_USE,
        "version": method_box.version_words(),
        "date": words.day(measurement.series.acquisition.scan_date),
        "scan": _scan_facts(measurement),
        "burden": _burden(measurement),
        "regions": _parts(by_region(calcinosis)),
        "layers": _parts(by_layer(calcinosis)),
        "checks": _checks(measurement.checks),
        "coverage": _coverage(measurement),
        "legend": _legend(measurement.deposits),
        "deposits": [_row(one) for one in calcinosis[:ROWS_OF_DEPOSITS]],
        "deposits_more": _more(calcinosis, ROWS_OF_DEPOSITS, "smaller ones"),
        "set_aside": [_set_aside(one) for one in others[:ROWS_SET_ASIDE]],
        "set_aside_more": _more(others, ROWS_SET_ASIDE, "more"),
        "set_aside_counts": _counts(others),
        "keys": [_key(key, number) for number, key in enumerate(keys)],
        "dose": method_box.dose(measurement.series.acquisition),
        "method": method_box.method(measurement),
        "series": method_box.series_facts(measurement),
    }


def _scan_facts(measurement: Measurement) -> list[str]:
    acquired = measurement.series.acquisition
    spacing = measurement.series.volume.grid.spacing_mm
    facts = [
        "tube voltage not recorded" if acquired.kvp is None else f"{acquired.kvp:g} kV",
        f"{measurement.series.volume.grid.shape[0]} slices, {words.amount(spacing[0])} mm apart",
        f"pixel {words.amount(spacing[2])} mm",
    ]
    if acquired.kernel:
        facts.append(f"kernel {words.printable(acquired.kernel)}")
    scanner = words.printable(" ".join(filter(None, (acquired.manufacturer, acquired.model))))
    return [*facts, scanner] if scanner else facts


def _burden(measurement: Measurement) -> dict[str, object]:
    burden = measurement.burden
    candidates = len(measurement.deposits) - burden.deposits
    evaluable = burden.mass_mg is not None
    return {
        "evaluable": evaluable,
        "mass": words.amount(burden.mass_mg) if evaluable else words.NOT_EVALUABLE,
        "interval": words.interval(burden.mass_lower_mg, burden.mass_upper_mg) if burden.mass_upper_mg else "",
        "volume": words.amount(burden.volume_ml) if burden.volume_ml is not None else words.NOT_EVALUABLE,
        "agatston": words.amount(burden.agatston) if burden.agatston is not None else words.NOT_EVALUABLE,
        "deposits": str(burden.deposits),
        "candidates": candidates,
        "sentence": _sentence(measurement),
    }


def _sentence(measurement: Measurement) -> str:
    burden = measurement.burden
    uncertain = sum(one.kind is Kind.UNCERTAIN for one in measurement.deposits)
    counted = "" if burden.deposits == 0 else " more"
    doubt = f" {uncertain}{counted} are uncertain and not counted." if uncertain > 1 else ""
    doubt = f" One{counted} is uncertain and not counted." if uncertain == 1 else doubt
    if burden.deposits == 0:
        return f"No deposit of calcinosis was found in what could be evaluated.{doubt}"
    regions = by_region(measurement.deposits)
    more_than_half = burden.mass_mg is not None and 2 * (regions[0].mass_mg or 0.0) > burden.mass_mg
    how_much = "all" if len(regions) == 1 else "most" if more_than_half else "the largest part"
    where = f"{how_much} of it in the {regions[0].name}"
    if regions[0].name.startswith("region unknown"):
        where = "its region is unknown"
    if burden.mass_mg is None:
        return f"The mass is not evaluable. {_why_void(measurement.checks)}{doubt}"
    number = "One deposit" if burden.deposits == 1 else f"{burden.deposits} deposits"
    return f"{number} of calcinosis, {where}.{doubt}"


def _why_void(checks: Sequence[Check]) -> str:
    spoilt = {Voids.MASS, Voids.BURDEN}
    voiding = [check.message for check in checks if not check.passed and spoilt.intersection(check.voids)]
    return words.printable(voiding[0]) if voiding else "See the checks."


def _parts(parts: list[Part]) -> list[dict[str, object]]:
    largest = max((part.mass_mg or 0.0 for part in parts), default=0.0)
    rows = [
        {
            "name": part.name,
            "deposits": str(part.deposits),
            "mass": words.amount(part.mass_mg),
            "volume": words.amount(part.volume_ml),
            "share": (part.mass_mg or 0.0) / largest if largest > 0 else 0.0,
        }
        for part in parts[:PARTS_SHOWN]
    ]
    rest = parts[PARTS_SHOWN:]
    if rest:
        known = [part.mass_mg for part in rest if part.mass_mg is not None]
        rows.append(
            {
                "name": f"{len(rest)} others",
                "deposits": str(sum(part.deposits for part in rest)),
                "mass": words.amount(sum(known)) if len(known) == len(rest) else words.DASH,
                "volume": words.DASH,
                "share": sum(known) / largest if largest > 0 else 0.0,
            }
        )
    return rows


def _checks(checks: Sequence[Check]) -> dict[str, object]:
    return {
        "failed": [
            {
                "id": words.plain(check.id),
                "message": words.printable(check.message),
                "voids": ", ".join(words.plain(str(quantity)) for quantity in check.voids),
            }
            for check in checks
            if not check.passed
        ],
        "passed": ", ".join(words.plain(check.id) for check in checks if check.passed),
        "all_passed": ALL_PASSED.get(len(checks), f"All {len(checks)} checks of the acquisition passed."),
    }


def _coverage(measurement: Measurement) -> dict[str, object]:
    return {
        "evaluated": ", ".join(words.site(part.region, part.side) for part in measurement.coverage if part.evaluable),
        "not": [
            {"name": words.site(part.region, part.side), "why": words.printable(part.why_not)}
            for part in measurement.coverage
            if not part.evaluable
        ],
    }


def _legend(deposits: Sequence[Deposit]) -> list[dict[str, object]]:
    return [
        {"form": mark.form, "colour": mark.hex, "name": mark.name, "count": count}
        for kind, mark in KIND_MARKS.items()
        if (count := sum(one.kind is kind for one in deposits))
    ]


def _row(one: Deposit) -> list[str]:
    return [
        str(one.deposit_id),
        words.site(one.region, one.side),
        words.layers(one.layer, one.layer_also),
        words.plain(str(one.shape)),
        words.amount(one.mass_mg),
        words.interval(one.mass_lower_mg, one.mass_upper_mg),
        words.amount(one.volume_ml),
        words.fixed(one.longest_diameter_mm, 1),
        words.fixed(one.skin_depth_mm, 1),
        words.fixed(one.peak_hu, 0),
        words.amount(one.agatston),
        f"{one.confidence * 100:.0f} %",
    ]


def _set_aside(one: Deposit) -> dict[str, str]:
    mark = KIND_MARKS[one.kind]
    return {
        "number": str(one.deposit_id),
        "form": mark.form,
        "colour": mark.hex,
        "kind": mark.name,
        "site": words.site(one.region, one.side),
        "volume": words.amount(one.volume_ml),
        "peak": words.fixed(one.peak_hu, 0),
        "confidence": f"{one.confidence * 100:.0f} %",
        "reason": words.printable(one.reason),
    }


def _more(deposits: Sequence[Deposit], shown: int, name: str) -> str:
    rest = deposits[shown:]
    if not rest:
        return ""
    known = [one.mass_mg for one in rest if one.mass_mg is not None]
    mass = f" with {words.amount(sum(known))} mg together" if len(known) == len(rest) else ""
    return f"{len(rest)} {name}{mass} are listed in deposits.csv."


def _counts(others: Sequence[Deposit]) -> str:
    counts = [
        f"{count} {mark.name}"
        for kind, mark in KIND_MARKS.items()
        if (count := sum(one.kind is kind for one in others))
    ]
    return ", ".join(counts)


def _key(key: KeyImage, number: int) -> dict[str, object]:
    one, mark = key.deposit, KIND_MARKS[key.deposit.kind]
    mass = f"{words.amount(one.mass_mg)} mg ({words.interval(one.mass_lower_mg, one.mass_upper_mg)})"
    depth = f", {words.fixed(one.skin_depth_mm, 1)} mm below the skin" if one.skin_depth_mm is not None else ""
    what = f"{words.plain(str(one.layer))} {words.plain(str(one.shape))}, {words.site(one.region, one.side)}"
    return {
        "number": str(one.deposit_id),
        "form": mark.form,
        "colour": mark.hex,
        "title": mass if one.mass_mg is not None else "mass not evaluable",
        "what": f"{what}{depth}" if one.kind is Kind.CALCINOSIS else f"{mark.name}: {what}{depth}",
        "field": key.field_mm,
        "window": "W {:g}, L {:g} HU".format(*key.window_hu),
        "cuts": [
            {"file": f"key_{number}_{plane.name}.png", "name": plane.name, "letters": list(plane.letters)}
            for plane, _ in key.cuts
        ],
    }
