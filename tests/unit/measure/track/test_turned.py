"""A scan whose header takes the head for the feet is refused, whatever else is alike."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.track.limb import surveyed
from calciscope.measure.track.register import partners
from calciscope.measure.track.run import track
from calciscope.measure.track.turned import is_turned
from calciscope.terms.errors import Refused
from tests.unit.measure.track.toy import HERE, Ball, Place, of_a_later_day, scan

BALLS = tuple(Ball(at=at) for at in ((40.0, 5.0, 60.0), (-38.0, 20.0, 30.0), (10.0, 44.0, -50.0), (36.0, -20.0, -80.0)))


def way_round(place: Place) -> list[bool]:
    first, second = surveyed(scan(BALLS)), surveyed(of_a_later_day(scan(BALLS, place)))
    return [is_turned(one, first, second) for one in partners(first, second)]


@pytest.mark.parametrize("about", [(1, -1, -1), (-1, 1, -1)], ids=["from right to left", "from front to back"])
def test_a_limb_end_for_end_is_seen(about: tuple[int, int, int]) -> None:
    place = Place(turn=np.diag(about).astype(float), shift_mm=(4.0, -9.0, 12.0))
    assert way_round(place) == [True]
    with pytest.raises(Refused, match="head to foot"):
        track([scan(BALLS), of_a_later_day(scan(BALLS, place))])


@pytest.mark.parametrize("place", [HERE, Place(turn=np.diag([-1.0, -1.0, 1.0])), Place(turn=np.eye(3), bend_deg=15.0)])
def test_a_limb_as_it_lay_or_turned_about_its_length_is_not(place: Place) -> None:
    assert way_round(place) == [False]
