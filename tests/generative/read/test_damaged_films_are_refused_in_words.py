"""Some 900 damaged radiographs, ultrasound images and pictures: each is read or refused in one sentence, nothing else."""

from __future__ import annotations

import os
import random
import zlib

import numpy as np
import pytest

from calciscope.read.films.read_film import read_film
from calciscope.terms.errors import Refused
from tests.generative.read.mutate import mutate
from tests.unit.read import dicom_maker
from tests.unit.read.film_maker import picture, radiograph, ultrasound

TIMES = float(os.environ.get("CALCISCOPE_FUZZ", "1"))
FILES = {
    "radiograph": lambda: radiograph(),
    "radiograph, implicit": lambda: radiograph(syntax=dicom_maker.IMPLICIT),
    "radiograph, RLE": lambda: radiograph(syntax=dicom_maker.RLE),
    "radiograph, JPEG 2000": lambda: radiograph(syntax=dicom_maker.J2K_LOSSLESS),
    "radiograph, deflated": lambda: radiograph(syntax=dicom_maker.DEFLATED),
    "ultrasound": lambda: ultrasound(),
    "PNG": lambda: picture(),
    "JPEG": lambda: picture(kind="JPEG"),
}
CASES = 110


@pytest.mark.parametrize("name", FILES)
def test_damaged_films(name: str) -> None:
    rng = random.Random(zlib.crc32(name.encode()))
    whole = FILES[name]()
    answers = set()
    for _ in range(int(CASES * TIMES)):
        try:
            film = read_film(mutate(whole, rng))
        except Refused as refused:
            text = str(refused)
            assert "\n" not in text and text.endswith(".") and len(text) < 300
            answers.add("refused")
            continue
        assert film.shades.dtype == np.uint16 and film.shades.ndim == 2
        assert film.scale is not None or film.regions or film.no_scale
        answers.add("read")
    assert answers == {"read", "refused"}
