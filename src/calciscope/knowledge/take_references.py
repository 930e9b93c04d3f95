"""References that are imported become files that wait to be looked at. None is evidence: no advice rests on them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from calciscope.knowledge.load import WAITING, Knowledge
from calciscope.knowledge.load_upkeep import known_identifiers
from calciscope.knowledge.model import LookedAt
from calciscope.terms.errors import Refused
from calciscope.terms.references import Reference

GIVEN_BY = {"topical", "intralesional", "iv", "oral"}  # words of a therapy's id that no title needs to repeat
SPELLINGS = (("sulph", "sulf"), ("aluminum", "aluminium"), ("cyclosporin", "ciclosporin"), ("rifampin", "rifampicin"))
LONGEST_NAME = 100  # signs of a title in the name of its file


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a list: new ones by the id of their file, and how many were known, twice in the list, or set aside before."""

    new: tuple[str, ...]
    evidence: int
    waiting: int
    set_aside: int


def take(references: Iterable[Reference], knowledge: Knowledge, *, folder: Path, on: date) -> Taken:
    """Write each new one as a file of its own below ``folder``. Raises Refused where that cannot be written."""
    known = known_identifiers(knowledge.sources.values())
    states = {one.id: one.state for one in knowledge.waiting.values()}
    held = {named: one.id for one in knowledge.waiting.values() for named in (one.pmid, one.doi) if named}
    new: dict[str, str] = {}
    counted = {"evidence": 0, "waiting": 0, "set_aside": 0}
    for one in references:
        named = [each for each in (one.pmid, one.doi) if each]
        file_id = next((held[each] for each in named if each in held), _file_id(one))
        if any(each in known for each in named):
            counted["evidence"] += 1
        elif file_id in states or file_id in new:
            counted["set_aside" if states.get(file_id) is LookedAt.SET_ASIDE else "waiting"] += 1
        else:
            new[file_id] = _file(one, suggested(one, knowledge), on)
            held |= dict.fromkeys(named, file_id)
    _write(new, folder / WAITING)
    return Taken(new=tuple(new), **counted)


def suggested(reference: Reference, knowledge: Knowledge) -> tuple[str, ...]:
    """Therapies whose names stand in title or abstract, so that somebody knows where to look; nothing follows from it."""
    words = f" {_spelled(reference.about or reference.title)} "
    return tuple(one for one in knowledge.therapies if f" {_name(one)} " in words)


def _name(therapy: str) -> str:
    words = [word for word in therapy.split("_") if word not in GIVEN_BY] or [therapy]
    return " ".join(words)


def _spelled(text: str) -> str:
    plain = " ".join(re.findall(r"[a-z0-9]+", text.lower()))
    for other, ours in SPELLINGS:
        plain = plain.replace(other, ours)
    return plain.replace("ciclosporine", "ciclosporin").replace("ciclosporin a ", "ciclosporin ")


def _file_id(one: Reference) -> str:
    """By PubMed number, by DOI, or by the title where it has neither."""
    if one.pmid:
        return f"pmid-{one.pmid}"
    if one.doi:
        return "doi-" + re.sub(r"[^a-z0-9]+", "-", one.doi).strip("-")
    return "title-" + re.sub(r"[^a-z0-9]+", "-", one.title.lower()).strip("-")[:LONGEST_NAME]


def _file(one: Reference, suggests: tuple[str, ...], on: date) -> str:
    lines = [f"cite = {_quoted(one.cite)}"]
    lines += [f"{key} = {_quoted(said)}" for key, said in (("pmid", one.pmid), ("doi", one.doi)) if said]
    lines += [f"year = {one.year}"] if one.year else []
    lines += [f"found_on = {on.isoformat()}", f"suggests = [{', '.join(_quoted(each) for each in suggests)}]"]
    return "\n".join([*lines, f'state = "{LookedAt.WAITING}"', ""])


def _quoted(text: str) -> str:
    """A text as TOML takes it; signs that do not print are gone already."""
    return json.dumps(text, ensure_ascii=False)


def _write(new: dict[str, str], folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
        for file_id, text in new.items():
            beside = folder / f".{file_id}.part"
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, folder / f"{file_id}.toml")
    except OSError as error:
        raise Refused(
            f"The references cannot be written below {folder}: {error.strerror}. Name a folder of knowledge that can be "
            "written to with --knowledge."
        ) from error
