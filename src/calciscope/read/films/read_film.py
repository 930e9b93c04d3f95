"""One file, whatever it is, to a radiograph or an ultrasound image: or a refusal in one sentence."""

from __future__ import annotations

from calciscope.read.elements import read_header
from calciscope.read.entries import BytesEntry
from calciscope.read.films.dicom_film import dicom_film
from calciscope.read.films.picture_film import picture_film
from calciscope.read.foreign import Unreadable, quiet
from calciscope.read.limits import MAX_FILM_BYTES
from calciscope.terms.errors import Refused
from calciscope.terms.film import Film, FilmKind

NEITHER = "This is no DICOM, PNG or JPEG file; export the film in one of these."


def read_film(whole: bytes, *, kind: FilmKind = FilmKind.RADIOGRAPH) -> Film:
    """The film that the bytes hold; ``kind`` is what a PNG or JPEG file is taken for.

    Raises Refused: what is wrong and what would help. Nothing of the file but its pixels and what `Film` lists comes through.
    """
    if len(whole) > MAX_FILM_BYTES:
        raise Refused(f"The file is larger than {MAX_FILM_BYTES // 1_000_000} MB; export the film smaller.")
    try:
        with quiet():
            raw = read_header(BytesEntry("film", whole))
            film = dicom_film(raw) if raw is not None else picture_film(whole, kind)
    except Unreadable as reason:
        raise Refused(f"This film cannot be read ({reason}); export it anew.") from None
    if film is None:
        raise Refused(NEITHER)
    return film
