"""A change that moves a published number fails until the changelog names it (docs/how-to/move-a-baseline.md)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.baselines.published import FOLDER, PHANTOMS, fingerprint, numbers, text_of

TOLERANCE = 1e-3  # relative; processors and library versions differ by less, methods by more


def differences(published: object, now: object, place: str = "") -> list[str]:
    """Places at which two JSON values differ by more than the tolerance."""
    if isinstance(published, dict) and isinstance(now, dict):
        keys = sorted(published.keys() | now.keys())
        return [line for key in keys for line in differences(published.get(key), now.get(key), f"{place}.{key}")]
    if isinstance(published, list) and isinstance(now, list) and len(published) == len(now):
        pairs = enumerate(zip(published, now, strict=True))
        return [line for index, (old, new) in pairs for line in differences(old, new, f"{place}[{index}]")]
    if isinstance(published, float | int) and isinstance(now, float | int):
        return (
            []
            if abs(published - now) <= TOLERANCE * max(abs(published), abs(now))
            else [f"{place}: {published} -> {now}"]
        )
    return [] if published == now else [f"{place}: {published} -> {now}"]


@pytest.mark.parametrize("name", PHANTOMS)
def test_phantom_measures_what_was_published(name: str) -> None:
    published = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    now = json.loads(text_of(name, numbers(name)))
    assert differences(published, now) == [], "see docs/how-to/move-a-baseline.md"


@pytest.mark.parametrize("name", PHANTOMS)
def test_changelog_names_the_published_numbers(name: str, root: Path) -> None:
    named = f"baseline {name} {fingerprint((FOLDER / f'{name}.json').read_text(encoding='utf-8'))}"
    assert named in (root / "CHANGELOG.md").read_text(encoding="utf-8"), f"CHANGELOG.md does not name `{named}`"


def test_every_file_has_its_phantom() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(PHANTOMS)


def test_a_moved_number_is_seen() -> None:
    published = {"mass_mg": 100.0, "deposits": [{"layer": "fascial", "mass_mg": None}]}
    assert differences(published, {"mass_mg": 100.05, "deposits": [{"layer": "fascial", "mass_mg": None}]}) == []
    assert differences(published, {"mass_mg": 100.2, "deposits": [{"layer": "fascial", "mass_mg": None}]}) != []
    assert differences(published, {"mass_mg": 100.0, "deposits": [{"layer": "unknown", "mass_mg": None}]}) != []
    assert differences(published, {"mass_mg": 100.0, "deposits": []}) != []
