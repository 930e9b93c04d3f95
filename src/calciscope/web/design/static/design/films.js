// Films: a cross over the picture that arrow keys move and Enter marks, and a picture that fits a narrow screen.
(() => {
  "use strict";
  const picture = document.querySelector(".film-image");
  if (!picture) return;
  const SVG = "http://www.w3.org/2000/svg";
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const KEYS = { "+": "more", "=": "more", "-": "less", n: "n", N: "n", a: "a", A: "a", r: "r", R: "r", 0: "0", x: "x", X: "x", s: "s", S: "s", i: "i", I: "i", ",": ",", ".": "." };
  const WRITES = ["a", "r", "0", "x", "s", "i"]; // what changes the record is only brought into focus; Enter presses it
  const [left, top, right, bottom] = ["left", "top", "right", "bottom"].map((name) => Number(picture.dataset[name]));
  const svg = document.querySelector(".film-marks");
  const step = Math.max(1, Math.round(Math.max(right - left, bottom - top) / 120));
  const cross = { x: Number(picture.dataset.x ?? (left + right) / 2), y: Number(picture.dataset.y ?? (top + bottom) / 2) };
  document.documentElement.classList.add("scripted");
  const lines = ["across", "down"].map(() => svg.appendChild(document.createElementNS(SVG, "line")));
  lines.forEach((line) => line.setAttribute("class", "cross"));
  const aim = () => {
    const reach = Math.max(right - left, bottom - top) / 30;
    const ends = [[cross.x - reach, cross.y, cross.x + reach, cross.y], [cross.x, cross.y - reach, cross.x, cross.y + reach]];
    lines.forEach((line, place) => {
      ["x1", "y1", "x2", "y2"].forEach((name, which) => line.setAttribute(name, ends[place][which]));
      line.setAttribute("visibility", document.activeElement === picture ? "visible" : "hidden");
    });
  };
  // Where the picture is shown smaller than it came, the browser's own place of a click would be wrong.
  picture.addEventListener("click", (event) => {
    if (event.detail === 0) return;
    event.preventDefault();
    const shown = picture.getBoundingClientRect();
    cross.x = left - 0.5 + ((event.clientX - shown.left) / shown.width) * (right - left);
    cross.y = top - 0.5 + ((event.clientY - shown.top) / shown.height) * (bottom - top);
    mark();
  });
  // A click on a picture that keys pressed would come without a place, so the cross's place is sent as typed numbers.
  const mark = () => {
    document.getElementById("f-x").value = cross.x.toFixed(1);
    document.getElementById("f-y").value = cross.y.toFixed(1);
    picture.form.submit();
  };
  picture.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ARROWS[event.key];
    if (way) {
      const far = event.shiftKey ? 1 : step;
      cross.x = Math.min(right - 1, Math.max(left, cross.x + way[0] * far));
      cross.y = Math.min(bottom - 1, Math.max(top, cross.y + way[1] * far));
      aim();
    } else if (event.key === "Enter" || event.key === " ") {
      mark();
    } else if (KEYS[event.key]) {
      const target = document.querySelector(`[data-key="${KEYS[event.key]}"]`);
      if (!target) return;
      if (WRITES.includes(KEYS[event.key])) target.focus(); else target.click();
    } else return;
    event.preventDefault();
  });
  const frame = document.getElementById("f-frame");
  if (frame) frame.addEventListener("change", () => frame.form.submit());
  picture.addEventListener("focus", aim);
  picture.addEventListener("blur", aim);
  aim();
  // The browser itself focuses the picture that an address names; where it came too late for that, the page does.
  window.addEventListener("load", () => {
    if (location.hash === "#picture" && document.activeElement === document.body) picture.focus({ preventScroll: true });
  });
})();
