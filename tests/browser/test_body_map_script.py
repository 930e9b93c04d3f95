"""The body map's script in Debian's chromium: a click, the keys and the lists all fill the same plain fields."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from calciscope.terms.body_map import shows, view_ids
from calciscope.terms.deposits import Region, Side
from calciscope.web.design.body_map import picker

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")
SCRIPT = Path(__file__).parents[2] / "src" / "calciscope" / "web" / "design" / "static" / "design" / "body_map.js"
STORY = """
window.addEventListener("load", () => {
  const value = (id) => document.getElementById(id).value;
  const said = [];
  const tell = (step) => said.push([step, ...["id_region", "id_side", "id_map", "id_map_x", "id_map_y"].map(value)].join(" "));
  const maps = [...document.querySelectorAll("[data-body-map] svg")];
  const at = (svg, x, y) => {
    const box = svg.viewBox.baseVal;
    const point = new DOMPoint(box.x + x * box.width, box.y + y * box.height).matrixTransform(svg.getScreenCTM());
    const target = document.elementFromPoint(point.x, point.y) || svg;
    target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, clientX: point.x, clientY: point.y, detail: 1 }));
  };
  const key = (name, shiftKey = false) =>
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: name, shiftKey, bubbles: true, cancelable: true }));
  const list = (id, code) => {
    document.getElementById(id).value = code;
    document.getElementById(id).dispatchEvent(new Event("change", { bubbles: true }));
  };
  at(maps[0], 0.76, 0.37); tell("click");
  at(maps[0], 0.04, 0.95); tell("beside");
  at(maps[0], 0.803, 0.356); tell("miss"); // five units outside the elbow
  const knee = maps[0].querySelector('a[data-words="Left knee"]');
  knee.focus();
  knee.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 0 })); tell("enter");
  key("ArrowDown"); tell("down");
  key("ArrowUp", true); tell("up");
  for (let k = 0; k < 12; k += 1) key("ArrowDown");
  tell("far");
  for (let k = 0; k < 40; k += 1) key("ArrowRight");
  tell("edge");
  list("id_side", "right"); tell("side");
  list("id_region", "buttock"); tell("list");
  said.push([...document.querySelectorAll("[data-chosen]")].map((ring) => ring.getAttribute("visibility")).join(" "));
  list("id_region", "unknown"); tell("nowhere");
  const log = document.createElement("pre");
  log.id = "log";
  log.textContent = said.join("\\n");
  document.body.append(log);
});
"""


EVERY_PART = """
window.addEventListener("load", () => {
  const now = () => ["id_region", "id_side", "id_map"].map((id) => document.getElementById(id).value).join(" ");
  const said = [];
  document.querySelectorAll("[data-body-map]").forEach((map) => {
    const svg = map.querySelector("svg");
    const box = svg.viewBox.baseVal;
    svg.querySelectorAll("a[data-words]").forEach((link) => {
      const wanted = [link.dataset.region, link.dataset.side, map.dataset.bodyMap].join(" ");
      svg.scrollIntoView();
      const local = new DOMPoint(box.x + link.dataset.x * box.width, box.y + link.dataset.y * box.height);
      const point = local.matrixTransform(svg.getScreenCTM());
      const target = document.elementFromPoint(point.x, point.y);
      const mouse = { bubbles: true, cancelable: true, clientX: point.x, clientY: point.y, detail: 1 };
      const onTop = target.closest("a") === link;
      target.dispatchEvent(new MouseEvent("click", mouse));
      const clicked = now() === wanted && document.activeElement === link;
      document.getElementById("id_region").value = "unknown";
      link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 0 }));
      const byKey = now() === wanted;
      document.getElementById("id_region").value = link.dataset.region;
      document.getElementById("id_side").value = link.dataset.side;
      document.getElementById("id_region").dispatchEvent(new Event("change", { bubbles: true }));
      said.push(`${wanted} ${onTop} ${clicked} ${byKey} ${now() === wanted} ${link.tabIndex}`);
    });
  });
  const log = document.createElement("pre");
  log.id = "log";
  log.textContent = said.join("\\n");
  document.body.append(log);
});
"""


def page(story: str, views: Sequence[str]) -> str:
    def options(codes: list[str]) -> str:
        return "".join(f"<option>{code}</option>" for code in codes)

    fields = (
        f'<select id="id_region">{options([region.value for region in Region])}</select>'
        f'<select id="id_side">{options([side.value for side in Side])}</select>'
        '<input id="id_map"><input id="id_map_x"><input id="id_map_y">'
    )
    maps = "".join(picker(view_id, link=lambda place: f"?{place.region}") for view_id in views)
    script = SCRIPT.read_text(encoding="utf-8")
    return f'<!doctype html><meta charset="utf-8"><div>{maps}</div>{fields}<script>{script}</script><script>{story}</script>'


def told(folder: Path, story: str, views: Sequence[str]) -> list[list[str]]:
    """The words of every line that the story wrote down."""
    (folder / "page.html").write_text(page(story, views), encoding="utf-8")
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
        "--window-size=900,2000", "--dump-dom", (folder / "page.html").as_uri(),
    ]  # fmt: skip
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r'<pre id="log">(.*?)</pre>', dom, re.DOTALL)
    assert found, "the script ran to its end"
    return [line.split() for line in html.unescape(found[1]).splitlines()]


def test_every_part_of_every_view_by_mouse_key_and_list(tmp_path: Path) -> None:
    """A touch is a click to the browser; Enter, a switch and a screen reader are clicks without a point."""
    views = view_ids("child")
    lines = told(tmp_path, EVERY_PART, views)
    assert [line[:3] for line in lines] == [[p.region, p.side, view_id] for view_id in views for p in shows(view_id)]
    assert [line for line in lines if line[3:] != ["true", "true", "true", "true", "0"]] == []


def test_click_keys_and_lists_fill_the_fields(tmp_path: Path) -> None:
    steps = {line[0]: line[1:] for line in told(tmp_path, STORY, ["1.adult.front", "1.adult.back"])}
    assert steps["click"][:3] == ["elbow", "left", "1.adult.front"]
    assert [float(number) for number in steps["click"][3:]] == pytest.approx([0.76, 0.37], abs=0.003)
    assert steps["beside"] == steps["click"]
    assert steps["miss"][:3] == ["elbow", "left", "1.adult.front"]
    assert float(steps["miss"][3]) == pytest.approx(0.803, abs=0.003)
    assert steps["enter"][:3] == ["knee", "left", "1.adult.front"]
    x, y = float(steps["enter"][3]), float(steps["enter"][4])
    assert float(steps["down"][4]) == pytest.approx(y + 4 / 856, abs=1e-4)
    assert float(steps["up"][4]) == pytest.approx(y + 3 / 856, abs=1e-4)
    assert steps["far"][:2] == ["lower_leg", "left"]
    assert steps["edge"][:2] == ["lower_leg", "left"] and x < float(steps["edge"][3]) < 0.66
    assert steps["side"][:3] == ["lower_leg", "right", "1.adult.front"]
    assert steps["list"][:3] == ["buttock", "right", "1.adult.back"]
    assert steps["hidden"] == ["visible"], "only the view in use shows a point"
    assert steps["nowhere"] == ["unknown", "right"], "no point of another part stays behind"
