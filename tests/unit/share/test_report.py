"""overview.png and report.pdf: the same bytes each time, readable by machines, honest about what is missing."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from calciscope.share import measured_folder
from calciscope.share.measurement_json import RESEARCH_USE
from calciscope.share.report.typesetting import draw
from calciscope.terms.measurement import Measurement

FILES = {
    "measurement.json",
    "deposits.csv",
    "segmentation.nii.gz",
    "anatomy.nii.gz",
    "coarse_ct.nii.gz",
    "overview.png",
    "report.pdf",
}


def pages(measurement: Measurement, folder: Path) -> list[str]:
    draw(measurement, folder)
    reader = pypdf.PdfReader(folder / "report.pdf")
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_folder_holds_exactly_the_promised_files(make_measurement, tmp_path: Path) -> None:
    measured_folder.write(make_measurement(), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == FILES
    assert measured_folder.is_ours(tmp_path)


def test_same_measurement_gives_the_same_bytes(make_measurement, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        measured_folder.write(make_measurement(deposits=25), tmp_path / name)
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_report_says_burden_date_and_research_use_on_each_page(make_measurement, tmp_path: Path) -> None:
    texts = pages(make_measurement(deposits=30), tmp_path)
    assert "Scan of 07 Mar 2026" in texts[0]
    assert "95 % interval" in texts[0]
    assert "slice" in texts[0]
    assert all(RESEARCH_USE in text for text in texts)
    whole = " ".join(texts)
    for words in (
        "Set aside, with the reason",
        "Tram-track calcification",
        "CTDIvol 4.20 mGy, DLP 188 mGy cm",
        "no labelled CT of calcinosis exists",
        "1.310 HU per mg/ml",
        "W 800, L 200 HU",
        "left hip (only the edge of the region is in view)",
    ):
        assert words in whole, words


def test_report_is_tagged_titled_and_carries_its_fonts(make_measurement, tmp_path: Path) -> None:
    draw(make_measurement(), tmp_path)
    reader = pypdf.PdfReader(tmp_path / "report.pdf")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("en")
    assert reader.metadata is not None
    assert reader.metadata.title == "Calcinosis on CT: report"
    metadata = root["/Metadata"].get_data()
    assert b"pdfuaid" in metadata
    fonts = {
        str(font["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].get_object().values()
    }
    assert fonts
    assert all("SourceSansPro" in font and "+" in font for font in fonts)  # subset, hence embedded


def test_not_evaluable_burden_is_said_never_shown_as_zero(make_measurement, tmp_path: Path) -> None:
    first = pages(make_measurement(voided=True), tmp_path)[0]
    assert "Not evaluable" in first
    assert "Contrast agent was given: vessels read as mineral." in first
    assert "0 mg" not in first


def test_scan_without_deposits_says_so(make_measurement, tmp_path: Path) -> None:
    texts = pages(make_measurement(deposits=0), tmp_path)
    assert "No deposit of calcinosis was found" in texts[0]
    assert "Deposits of calcinosis" not in " ".join(texts)


def test_long_tables_are_cut_and_say_so(make_measurement, tmp_path: Path) -> None:
    texts = pages(make_measurement(deposits=300, shape=(80, 64, 128)), tmp_path)
    assert len(texts) <= 6
    assert "are listed in deposits.csv" in " ".join(texts)


@pytest.mark.parametrize("shape", [(1, 8, 8), (4, 300, 300), (400, 6, 9)])
def test_odd_volumes_are_drawn(make_measurement, tmp_path: Path, shape) -> None:
    draw(make_measurement(deposits=2, shape=shape), tmp_path)
    picture = Image.open(tmp_path / "overview.png")
    assert picture.width == 1772
    assert picture.height < 4000


def test_free_text_cannot_break_or_program_the_report(make_measurement, tmp_path: Path) -> None:
    measurement = make_measurement(deposits=3)
    series = measurement.series
    acquisition = replace(series.acquisition, kernel='#panic("x") $*_`<@', model="東芝 \\ ]", scan_date=None)
    measurement = replace(measurement, series=replace(series, acquisition=acquisition))
    first = pages(measurement, tmp_path)[0]
    assert '#panic("x") $*_`<@' in first
    assert "date not recorded" in first


def test_work_folder_is_removed_when_drawing_fails(make_measurement, tmp_path: Path, monkeypatch) -> None:
    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("calciscope.share.report.typesetting.typeset", full)
    with pytest.raises(OSError, match="No space"):
        draw(make_measurement(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_overview_is_a_readable_png_without_time(make_measurement, tmp_path: Path) -> None:
    draw(make_measurement(), tmp_path)
    held = (tmp_path / "overview.png").read_bytes()
    assert b"tIME" not in held
    assert Image.open(io.BytesIO(held)).size[0] == 1772
