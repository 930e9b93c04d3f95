"""Films by forms alone: taken in, outlined from a click, given a ruler, recorded, and worked through one after the other."""

from __future__ import annotations

import re

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.queries.patients import patient_page
from tests.unit.measure.films.drawn import drawn
from tests.unit.read.film_maker import picture, radiograph, sequence, ultrasound
from tests.web.test_visit_without_a_script import hidden, text_of

SAID = {"kind": "radiograph", "taken_on": "02 Nov 2026", "region": "knee", "side": "right"}
SHADES, MIDDLE, TRUE_PX = drawn(20, size=240)
LIKE_OURS = {"PatientName": "Example^Ada", "PatientID": "H-0001", "PatientBirthDate": "20140302"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def sent(whole: bytes, name: str = "Jane_Doe.dcm") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, whole)


def dx(shade=SHADES, **tags) -> bytes:
    return radiograph(shade / 65_535, **tags)


def facts(doctor, patient, noun):
    return [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == noun and fact.holds]


def add(web, patient, *files: bytes, **said):
    return web.post(reverse("add_films", args=[patient]), said | {"films": [sent(one) for one in files]}, follow=True)


def click(web, address: str, x: float, y: float, **more) -> str:
    """What the page says after a click on its picture, found as a browser would."""
    page = text_of(web.get(address, more))
    image = re.search(r'<input type="image"[^>]*>', page)
    assert image
    told = {name: float(value) for name, value in re.findall(r'(width|height|data-\w+)="([\d.]+)"', image.group())}
    across = (x + 0.5 - told["data-left"]) / (told["data-right"] - told["data-left"]) * told["width"]
    down = (y + 0.5 - told["data-top"]) / (told["data-bottom"] - told["data-top"]) * told["height"]
    form = page[page.index('class="film-form"') : page.index("</form>", page.index('id="picture"'))]
    fields = {name: value for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}
    return text_of(web.get(address, fields | {"at.x": round(across), "at.y": round(down)}, follow=True))


def test_a_radiograph_is_outlined_from_a_click_and_recorded_as_a_new_deposit(web, doctor, patient) -> None:
    page = text_of(add(web, patient, dx(EstimatedRadiographicMagnificationFactor="1.0")))
    assert "Jane_Doe" not in page and "07 Mar 2024" in page and "left forearm" in page
    (film,) = facts(doctor, patient, "film")
    address = reverse("film", args=[patient, film.uid])
    page = click(web, address, *MIDDLE)
    assert "Projected area" in page and 'class="outline"' in page
    accept = page[page.index('id="accept"') :]
    answer = web.post(address, hidden(accept) | {"of_deposit": "new"}, follow=True)
    assert "never added to a mass" in text_of(answer)
    (measured,) = facts(doctor, patient, "film_measurement")
    true = TRUE_PX * 0.2**2
    assert measured.data["area_mm2"] == pytest.approx(true, rel=0.05)
    assert measured.data["area_lower_mm2"] < true < measured.data["area_upper_mm2"]
    assert measured.effective_on.isoformat() == "2024-03-07"
    (finding,) = facts(doctor, patient, "deposit_finding")
    assert (finding.data["region"], finding.data["size_method"]) == ("forearm", "radiograph")
    assert str(finding.deposit_id) == measured.data["of_deposit"]
    assert "D01 left forearm" in text_of(web.get(address))


def test_a_click_is_worth_the_same_in_every_zoom(web, doctor, patient) -> None:
    add(web, patient, dx())
    (film,) = facts(doctor, patient, "film")
    address = reverse("film", args=[patient, film.uid])
    said = {
        re.search(r"<strong>([\d.]+ mm²|[\d.]+ cm²)", click(web, address, *MIDDLE, z=z, cx=120, cy=112)).group(1)
        for z in "124"
    }
    assert len(said) == 1


def test_levels_step_by_address_and_nothing_is_found_in_nothing(web, doctor, patient) -> None:
    add(web, patient, dx())
    (film,) = facts(doctor, patient, "film")
    address = reverse("film", args=[patient, film.uid])
    page = click(web, address, *MIDDLE)
    more = re.search(r'href="(\?[^"]*)" data-key="more"', page).group(1).replace("&amp;", "&").partition("#")[0]
    assert "set by you" in text_of(web.get(address + more))
    page = text_of(web.get(address, {"mode": "click", "p": "20,20"}))
    assert "Nothing that stands out" in page and 'id="accept"' not in page
    for nonsense in (
        {"p": "a,b"},
        {"p": "nan,inf"},
        {"z": "99"},
        {"cx": "1e9"},
        {"mode": "x"},
        {"level": "-5", "p": "100,100"},
        {"p": "9e9,1"},
    ):
        assert web.get(address, nonsense).status_code == 200


def test_a_picture_measures_nothing_until_a_ruler_is_drawn(web, doctor, patient) -> None:
    page = text_of(add(web, patient, picture(SHADES / 65_535), **SAID))
    assert "Draw a ruler" in page
    (film,) = facts(doctor, patient, "film")
    address, ruler = (reverse(name, args=[patient, film.uid]) for name in ("film", "film_ruler"))
    assert "draw a ruler" in click(web, address, *MIDDLE)
    page = click(web, ruler, 20, 200)
    form = dict(re.findall(r'name="(p)" value="([^"]*)"', page))
    page = text_of(web.get(ruler, form | {"x": "220", "y": "200"}, follow=True))
    assert 'class="ruler-line"' in page
    assert web.post(ruler, hidden(page) | {"length_mm": "40", "lay": ""}).status_code == 422
    ends = re.search(r'id="f-p" name="p" value="([^"]*)"', page).group(1)
    said = hidden(page) | {"p": ends, "length_mm": "40", "lay": "beside_deposit"}
    assert "ruler drawn" in text_of(web.post(ruler, said, follow=True))
    (film,) = facts(doctor, patient, "film")
    assert film.data["scale_x_mm"] == pytest.approx(0.2, rel=0.01) and film.version == 2
    assert "Projected area" in click(web, address, *MIDDLE)
    stale = web.post(ruler, said | {"based_on": "1"})
    assert stale.status_code == 422 and "look at it anew" in text_of(stale)


def test_ultrasound_gives_length_depth_and_shadow_within_its_region_alone(web, doctor, patient) -> None:
    add(web, patient, ultrasound(), region="thigh", side="left")
    (film,) = facts(doctor, patient, "film")
    address = reverse("film", args=[patient, film.uid])
    page = text_of(web.get(address, {"mode": "length", "p": "60,50;99,50;80,20"}))
    assert "3.9 mm" in page and "3.0 mm" in page
    accept = page[page.index('id="accept"') :]
    web.post(address, hidden(accept) | {"of_deposit": "none", "shadow": "present"})
    (measured,) = facts(doctor, patient, "film_measurement")
    assert measured.data["shadow"] == "present"
    assert measured.data["depth_mm"] == pytest.approx(3.0) and "area_mm2" not in measured.data
    assert "outside the calibrated region" in text_of(web.get(address, {"mode": "length", "p": "5,50;99,50"}))


def test_a_sequence_is_measured_on_the_frame_that_is_chosen_and_keeps_it(web, doctor, patient) -> None:
    add(web, patient, sequence(5, RepresentativeFrameNumber=2), region="thigh", side="left")
    (film,) = facts(doctor, patient, "film")
    address = reverse("film", args=[patient, film.uid])
    page = text_of(web.get(address))
    assert "Frame 2 of 5" in page and "f=1" in page and "f=3" in page
    first, fourth = (web.get(reverse("film_picture", args=[patient, film.uid]), {"f": n}).content for n in (1, 4))
    assert first != fourth
    page = text_of(web.get(address, {"mode": "length", "p": "60,50;99,50", "f": "4"}))
    assert "Frame 4 of 5" in page
    web.post(address, hidden(page[page.index('id="accept"') :]) | {"of_deposit": "none"})
    (measured,) = facts(doctor, patient, "film_measurement")
    assert measured.data["frame"] == 4
    page = text_of(web.get(address))
    assert "Show frame 4" in page and 'class="film-kept"' not in page
    assert 'class="film-kept"' in text_of(web.get(address, {"f": "4"}))
    for nonsense in ("0", "99999", "-1", "x", "²"):
        assert web.get(address, {"f": nonsense}).status_code == 200


def test_a_film_on_which_dense_is_dark_is_turned_and_turned_back(web, doctor, patient) -> None:
    add(web, patient, dx(65_535 - SHADES))
    (film,) = facts(doctor, patient, "film")
    address = reverse("film", args=[patient, film.uid])
    assert "Nothing that stands out" in click(web, address, *MIDDLE)
    page = text_of(web.get(address))
    turn = page[page.rindex("<form", 0, page.index('name="turn"')) :]
    form = hidden(turn[: turn.index("</form>")]) | {"turn": "1"}
    assert "are turned" in text_of(web.post(address, form, follow=True))
    assert "Projected area" in click(web, address, *MIDDLE)
    assert web.post(address, form).status_code == 409 or "changed this since" in text_of(web.post(address, form))
    again = hidden(text_of(web.get(address))) | {"turn": "1", "based_on": "2"}
    web.post(address, again)
    assert "Nothing that stands out" in click(web, address, *MIDDLE)


def test_a_folder_of_films_is_worked_through(web, doctor, patient) -> None:
    shades = [np.roll(SHADES, k, axis=1) for k in range(3)]
    files = [dx(one, StudyDate=f"201{k}0307", SOPInstanceUID=f"1.2.{k + 3}") for k, one in enumerate(shades)]
    page = text_of(add(web, patient, *files))
    assert "0 of 3 looked at" in page
    first, second, third = facts(doctor, patient, "film")
    answer = web.post(reverse("film", args=[patient, first.uid]), {"outcome": "none_seen", "next": "1"})
    assert answer["Location"] == reverse("film", args=[patient, second.uid]) + "#picture"
    answer = web.post(answer["Location"], {"outcome": "not_evaluable", "next": "1"})
    assert answer["Location"] == reverse("film", args=[patient, third.uid]) + "#picture"
    page = text_of(web.get(answer["Location"]))
    assert "2 of 3 looked at" in page and "07 Mar 2011" in page, "the one before stands beside it"
    assert "nothing calcified is seen" in text_of(web.get(reverse("films", args=[patient])))


def test_what_cannot_be_taken_is_told_by_its_place_and_the_rest_is_kept(web, doctor, patient) -> None:
    answer = add(web, patient, dx(), b"no film at all", dx(), radiograph(PatientName="Other^Zoe"))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "File 2 of 4" in page and "File 3 of 4: This film is in the record already" in page
    assert "File 4 of 4" in page and "another patient" in page and "Zoe" not in page
    assert len(facts(doctor, patient, "film")) == 1
    answer = add(web, patient, picture())
    assert answer.status_code == 422 and 'href="#f-taken_on"' in text_of(answer)
    told = add(web, patient, radiograph(PatientName="Other^Zoe"), identity_note="Maiden name")
    assert told.status_code == 200


def test_an_answer_needs_its_deposit_and_taking_back_leaves_the_film_to_look_at(web, doctor, patient) -> None:
    add(web, patient, dx())
    (film,) = facts(doctor, patient, "film")
    address = reverse("film", args=[patient, film.uid])
    answer = web.post(address, {"mode": "click", "p": "120,112"})
    assert answer.status_code == 422 and "Say which deposit" in text_of(answer)
    assert web.post(address, {"mode": "click"}).status_code == 422
    web.post(address, {"mode": "click", "p": "120,112", "of_deposit": "none"})
    (measured,) = facts(doctor, patient, "film_measurement")
    undo = reverse("undo_fact", args=[patient, measured.uid])
    page = text_of(web.get(undo))
    web.post(undo, hidden(page) | {"reason": "Entered by mistake", "based_on": "1"})
    assert "0 of 1 looked at" in text_of(web.get(address))


def test_a_film_that_was_taken_back_is_not_there(web, doctor, patient) -> None:
    from calciscope.record.actions.entries import take_back_entry

    add(web, patient, dx())
    (film,) = facts(doctor, patient, "film")
    take_back_entry(by=doctor, patient=patient, uid=film.uid, based_on=1, reason="Another patient's")
    assert web.get(reverse("film", args=[patient, film.uid])).status_code == 404
    assert "recorded" in text_of(add(web, patient, dx()))


def test_the_note_of_another_noun_is_no_film(web, doctor, patient) -> None:
    (note,) = record_entries(by=doctor, patient=patient, sayings=[Saying(noun="diagnosis", data={"type": "dm"})])
    for name in ("film", "film_picture", "film_ruler"):
        assert web.get(reverse(name, args=[patient, note])).status_code == 404


def test_the_course_shows_areas_and_ultrasound_lengths_apart_from_mass(web, doctor, patient) -> None:
    add(web, patient, dx(StudyDate="20200307"), dx(np.roll(SHADES, 5, axis=1), StudyDate="20210307"))
    films = facts(doctor, patient, "film")
    address = reverse("film", args=[patient, films[0].uid])
    web.post(address, {"mode": "click", "p": "120,112", "of_deposit": "new"})
    deposit = str(facts(doctor, patient, "deposit_finding")[0].deposit_id)
    web.post(reverse("film", args=[patient, films[1].uid]), {"mode": "click", "p": "125,112", "of_deposit": deposit})
    add(web, patient, ultrasound(StudyDate="20220307"), region="forearm", side="left")
    last = facts(doctor, patient, "film")[-1]
    web.post(reverse("film", args=[patient, last.uid]), {"mode": "length", "p": "60,50;99,50", "of_deposit": deposit})
    page = text_of(web.get(reverse("course", args=[patient])))
    assert "Projected area, D01" in page and "Ultrasound length, D01" in page
    assert "never added to a mass" in page


def measured_twice(web, doctor, patient, grown: float, **second) -> tuple[str, str]:
    """Two radiographs a year apart on which one deposit is measured: the address of the later, and its page."""
    shades, _, _ = drawn(20 * grown, size=240, seed=1)
    known = {"EstimatedRadiographicMagnificationFactor": "1.0"}
    add(web, patient, dx(StudyDate="20200307", **known), dx(shades, StudyDate="20210307", **known | second))
    first, later = (reverse("film", args=[patient, film.uid]) for film in facts(doctor, patient, "film"))
    web.post(first, {"mode": "click", "p": "120,112", "of_deposit": "new"})
    deposit = str(facts(doctor, patient, "deposit_finding")[0].deposit_id)
    page = text_of(web.get(later, {"mode": "click", "p": "120,112"}))
    assert f'value="{deposit}" selected' in page, "the one deposit of the film before is proposed"
    web.post(later, {"mode": "click", "p": "120,112", "of_deposit": deposit})
    return later, text_of(web.get(later))


def test_a_change_of_area_is_held_against_the_smallest_real_one(web, doctor, patient) -> None:
    _, page = measured_twice(web, doctor, patient, 1.3)
    assert "Since 07 Mar 2020" in page and "beyond error" in page
    assert "D01, since 07 Mar 2020" in text_of(web.get(reverse("course", args=[patient])))


def test_the_same_area_is_within_error_and_another_view_is_not_compared(web, doctor, patient) -> None:
    later, page = measured_twice(web, doctor, patient, 1.0, PatientName="Example^Ada", SOPInstanceUID="1.2.9")
    assert "within error" in page
    film = next(one for one in facts(doctor, patient, "film") if str(one.uid) in later)
    data = film.data | {"view": "LAT"}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="film", data=data, uid=film.uid, based_on=1)])
    assert "not to be compared: the films show it from another side" in text_of(web.get(later))


def test_a_ruler_holds_for_another_film_of_one_scanner_and_size_alone(web, doctor, patient) -> None:
    pictures = [picture(np.roll(SHADES, k, axis=1) / 65_535) for k in (0, 3)] + [picture(SHADES[:200] / 65_535)]
    add(web, patient, *pictures, **SAID)
    films = facts(doctor, patient, "film")
    first, second, other = (reverse("film", args=[patient, film.uid]) for film in films)
    ruler = reverse("film_ruler", args=[patient, films[0].uid])
    page = text_of(web.get(ruler, {"p": "20,200;220,200"}))
    web.post(ruler, hidden(page) | {"p": "20,200;220,200", "length_mm": "40", "lay": "beside_deposit"})
    page = text_of(web.get(second))
    assert "Same ruler as the film of" in page and "Same ruler" not in text_of(web.get(other))
    form = {"ruler_of": str(films[0].uid), "based_on": "1"}
    assert "Projected area" not in click(web, second, *MIDDLE)
    assert "holds here too" in text_of(web.post(second, form, follow=True))
    assert "Projected area" in click(web, second, MIDDLE[0] + 3, MIDDLE[1])
    assert "another size" in text_of(web.post(other, form))
    assert web.post(other, form | {"ruler_of": "x"}).status_code == 422


def test_the_day_in_a_files_name_goes_before_the_typed_one(web, doctor, patient) -> None:
    names = ("knee_2019-03-07.png", "20180102_a.png", "2019-19-40.png", "b.png")
    files = [sent(picture(np.roll(SHADES, k, axis=1) / 65_535), name) for k, name in enumerate(names)]
    web.post(reverse("add_films", args=[patient]), SAID | {"films": files})
    days = sorted(film.data["taken_on"] for film in facts(doctor, patient, "film"))
    assert days == ["2018-01-02", "2019-03-07", "2026-11-02", "2026-11-02"]
