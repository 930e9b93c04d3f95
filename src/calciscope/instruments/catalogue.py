"""Which instruments there are: the folders of this room, and those of a user's own folder, which may fill a slot."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path

from calciscope.instruments.definition import Instrument
from calciscope.instruments.load import load_definition
from calciscope.instruments.toml_table import DefinitionRefused
from calciscope.terms.errors import Broken, Refused, WrongUsage

SHIPPED = Path(__file__).parent
DEFINITION = "definition.toml"
SCORE = "score.py"


def instruments(also: Path | None = None) -> dict[str, Instrument]:
    """Id -> instrument, sorted; ``also`` is a folder of further ones (id/definition.toml, sums only).

    Raises WrongUsage where ``also`` is no folder, Refused where one of its definitions does not hold together or would
    replace an instrument that is no slot.
    """
    found = dict(_shipped())
    for own in _of_user(also) if also else ():
        if own.id in found and not found[own.id].slot:
            raise Refused(f"{own.id} in {also} has the name of an instrument that is there already; rename its folder.")
        found[own.id] = own
    return dict(sorted(found.items()))


def instrument(instrument_id: str, also: Path | None = None) -> Instrument:
    """The instrument of that id. Raises WrongUsage with the nearest name where there is none."""
    known = instruments(also)
    if instrument_id in known:
        return known[instrument_id]
    asked = instrument_id.lower().replace("_", "-")
    near = [name for name in known if asked and asked in name] or get_close_matches(asked, known, n=1)
    meant = f"did you mean {near[0]}?" if near else "`calciscope instruments` lists all."
    raise WrongUsage(f"There is no instrument {instrument_id!r}; {meant}")


def classifications_waiting() -> tuple[Instrument, ...]:
    """Classifications that cannot be scored, since their wording is not certain; ``slot`` says why and what helps."""
    return tuple(one for one in instruments().values() if one.once and one.slot)


def instrument_id_of(folder: Path) -> str:
    """A folder's name with hyphens is the id."""
    return folder.name.replace("_", "-")


@cache
def _shipped() -> dict[str, Instrument]:
    """Loaded once; a fault in one of our own definitions is our own fault."""
    try:
        loaded = [_load(folder, f"{folder.name}/{DEFINITION}") for folder in _folders(SHIPPED)]
    except DefinitionRefused as error:
        raise Broken(str(error)) from error
    return {one.id: one for one in loaded}


def _of_user(also: Path) -> list[Instrument]:
    if not also.is_dir():
        raise WrongUsage(f"The folder of further instruments {also} is not there.")
    folders = _folders(also)
    if not folders:
        raise Refused(f"{also} holds no instrument: each is a folder with a {DEFINITION}.")
    for folder in folders:
        if (folder / SCORE).exists():
            raise Refused(f"{folder} holds a {SCORE}; an instrument from outside can only sum, and runs no program.")
    return [_load(folder, f"{folder / DEFINITION}") for folder in folders]


def _folders(place: Path) -> list[Path]:
    return sorted(folder for folder in place.iterdir() if (folder / DEFINITION).is_file())


def _load(folder: Path, place: str) -> Instrument:
    own_score = folder.parent == SHIPPED and (folder / SCORE).is_file()
    try:
        text = (folder / DEFINITION).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DefinitionRefused(f"The instrument definition {place} is not UTF-8 text.") from error
    return load_definition(
        text,
        place=place,
        instrument_id=instrument_id_of(folder),
        score_module=f"{__package__}.{folder.name}.score" if own_score else "",
    )
