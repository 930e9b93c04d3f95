"""Slow and obvious scores, written from the published tables alone and sharing nothing with the product."""

from __future__ import annotations

from decimal import Decimal as D
from itertools import product

# Points [without biopsy, with biopsy], typed a second time from the tables.
EULAR_ACR = {
    "weakness_upper_proximal": ("0.7", "0.7"),
    "weakness_lower_proximal": ("0.8", "0.5"),
    "neck_flexors_weaker": ("1.9", "1.6"),
    "legs_proximal_weaker": ("0.9", "1.2"),
    "heliotrope": ("3.1", "3.2"),
    "gottron_papules": ("2.1", "2.7"),
    "gottron_sign": ("3.3", "3.7"),
    "dysphagia": ("0.7", "0.6"),
    "anti_jo1": ("3.9", "3.8"),
    "enzymes_raised": ("1.3", "1.4"),
    "endomysial_infiltration": ("0", "1.7"),
    "perimysial_infiltration": ("0", "1.2"),
    "perifascicular_atrophy": ("0", "1.9"),
    "rimmed_vacuoles": ("0", "3.1"),
}
FINDINGS = list(EULAR_ACR)[-4:]
YES_NO = [*list(EULAR_ACR)[:10], "biopsy_done", *FINDINGS, "finger_flexor_weakness", "treatment_response_improved"]


def eular_acr_one(a: dict) -> tuple[D, int, str | None]:
    """Score, class (0 none to 3 definite) and subgroup of complete answers."""
    column = 1 if a["biopsy_done"] else 0
    age = a["age_at_onset"]
    total = (D("0"), D("0"))[column]
    if 18 <= age < 40:
        total = (D("1.3"), D("1.5"))[column]
    elif age >= 40:
        total = (D("2.1"), D("2.2"))[column]
    for key, points in EULAR_ACR.items():
        if a[key]:
            total += D(points[column])
    limits = (("5.3", "5.5", "7.5"), ("6.5", "6.7", "8.7"))[column]
    rank = len([limit for limit in limits if total >= D(limit)])
    if rank < 2:
        return total, rank, None
    rash = a["heliotrope"] or a["gottron_papules"] or a["gottron_sign"]
    if age < 18:
        return total, rank, "JDM" if rash else "juvenile_other"
    if rash:
        weak = any(a[key] for key in list(EULAR_ACR)[:4])
        return total, rank, "DM" if weak else "ADM"
    stubborn = a["finger_flexor_weakness"] and not a["treatment_response_improved"]
    return total, rank, "IBM" if stubborn or a["rimmed_vacuoles"] else "PM"


def eular_acr_all(answers: dict) -> list[tuple[D, int, str | None]]:
    """Every way to complete the answers, one after the other."""
    ages = [answers["age_at_onset"]] if "age_at_onset" in answers else [5, 25, 60]
    missing = [key for key in YES_NO if key not in answers]
    found = []
    for age in ages:
        for values in product([False, True], repeat=len(missing)):
            whole = {**answers, **dict(zip(missing, values, strict=True)), "age_at_onset": age}
            if whole["biopsy_done"] or not any(whole[key] for key in FINDINGS):
                found.append(eular_acr_one(whole))
    return found


def tis_points(name: str, percent: D) -> D:
    """Points of one measure, from the printed table."""
    if name == "strength":
        table = [("30", "32.5"), ("20", "27.5"), ("10", "20"), ("2", "10")]
    else:
        points = {
            "physician_global": ("20", "17.5", "15", "7.5"),
            "patient_global": ("10", "7.5", "5", "2.5"),
            "haq": ("10", "7.5", "7.5", "5"),
            "enzyme": ("7.5", "7.5", "5", "2.5"),
            "extramuscular": ("20", "15", "12.5", "7.5"),
        }[name]
        table = list(zip(("40", "25", "15", "5"), points, strict=True))
    for above, points_there in table:
        if percent > D(above):
            return D(points_there)
    return D(0)
