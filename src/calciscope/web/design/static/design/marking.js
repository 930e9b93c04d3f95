// Marks on a photograph as a view of plain form fields: the first two points are the ruler's ends, all others the outline.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const box = document.getElementById("marking");
  const width = Number(box.dataset.width), height = Number(box.dataset.height);
  if (!width) return;
  document.documentElement.classList.add("scripted");
  const svg = box.querySelector("svg");
  const said = document.querySelector(".marking-said");
  const field = (name) => document.getElementById(`f-${name}`);
  const size = Math.max(width, height);
  const step = Math.max(1, Math.round(size / 150));
  let cross = { x: width / 2, y: height / 2 };

  const number = (name) => (field(name).value.trim() === "" ? NaN : Number(field(name).value.replace(",", ".")));
  const ruler = () => [[number("x1"), number("y1")], [number("x2"), number("y2")]].filter((p) => p.every(Number.isFinite));
  const outline = () => field("outline").value.split("\n").map((line) => line.trim().split(/[\s;]+/).map((part) => Number(part.replace(",", "."))))
    .filter((p) => p.length === 2 && p.every(Number.isFinite));
  const write = (ends, corners) => {
    ["1", "2"].forEach((which, place) => {
      field(`x${which}`).value = ends[place] ? ends[place][0] : "";
      field(`y${which}`).value = ends[place] ? ends[place][1] : "";
    });
    field("outline").value = corners.map((p) => p.join(" ")).join("\n");
    draw();
  };
  const add = (x, y) => {
    const at = [Math.min(width, Math.max(0, Math.round(x))), Math.min(height, Math.max(0, Math.round(y)))];
    const ends = ruler();
    if (ends.length < 2) write([...ends, at], outline()); else write(ends, [...outline(), at]);
    tell();
  };
  const removeLast = () => {
    const corners = outline();
    if (corners.length) write(ruler(), corners.slice(0, -1)); else write(ruler().slice(0, -1), []);
    tell();
  };
  const area = () => {
    const ends = ruler(), corners = outline(), mm = number("ruler_mm");
    if (ends.length < 2 || corners.length < 3 || !(mm > 0)) return null;
    const px = Math.hypot(ends[0][0] - ends[1][0], ends[0][1] - ends[1][1]);
    const twice = corners.reduce((sum, p, i) => { const q = corners[(i + 1) % corners.length]; return sum + p[0] * q[1] - q[0] * p[1]; }, 0);
    return px ? Math.abs(twice) / 2 * (mm / px) ** 2 / 100 : null;
  };
  const tell = () => {
    const ends = ruler().length, corners = outline().length, found = area();
    const next = ends < 2 ? `Ruler: ${ends} of 2 points set.` : `Ruler set. Outline: ${corners} point${corners === 1 ? "" : "s"}.`;
    said.textContent = next + (found === null ? (ends === 2 && !(number("ruler_mm") > 0) ? " Say how many millimetres lie between the ruler's points." : "") : ` About ${found.toFixed(2)} cm².`);
  };
  const made = (name, attributes) => {
    const node = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
    svg.append(node);
  };
  const crosses = ["across", "down"].map(() => document.createElementNS(SVG, "line"));
  crosses.forEach((line) => line.setAttribute("class", "cross"));
  // The cross is shown while the picture has the focus.
  const aim = () => {
    const reach = size / 40, ends = [[cross.x - reach, cross.y, cross.x + reach, cross.y], [cross.x, cross.y - reach, cross.x, cross.y + reach]];
    crosses.forEach((line, place) => {
      ["x1", "y1", "x2", "y2"].forEach((name, which) => line.setAttribute(name, ends[place][which]));
      line.setAttribute("visibility", document.activeElement === box ? "visible" : "hidden");
    });
  };
  const draw = () => {
    svg.querySelectorAll(":scope > :not(image, .cross)").forEach((node) => node.remove());
    const ends = ruler(), corners = outline(), points = corners.map((p) => p.join(",")).join(" ");
    made("polygon", { class: "outline-under", points });
    made("polygon", { class: "outline", points });
    if (ends.length === 2) ["ruler-under", "ruler-line"].forEach((name) => made("line", { class: name, x1: ends[0][0], y1: ends[0][1], x2: ends[1][0], y2: ends[1][1] }));
    corners.forEach((p) => made("circle", { class: "mark", cx: p[0], cy: p[1], r: size / 220 }));
    ends.forEach((p) => made("circle", { class: "mark mark-ruler", cx: p[0], cy: p[1], r: size / 180 }));
    svg.append(...crosses);  // on top
    aim();
  };

  box.classList.add("ready");
  box.tabIndex = 0;
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", "Picture to mark");
  box.setAttribute("aria-describedby", "marking-help");
  svg.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    if (at.x < 0 || at.y < 0 || at.x > width || at.y > height) return;
    cross = { x: at.x, y: at.y };
    add(at.x, at.y);
  });
  box.addEventListener("keydown", (event) => {
    if (ARROWS[event.key]) {
      const by = event.shiftKey ? 1 : step;
      cross.x = Math.min(width, Math.max(0, cross.x + ARROWS[event.key][0] * by));
      cross.y = Math.min(height, Math.max(0, cross.y + ARROWS[event.key][1] * by));
      aim();
    } else if (event.key === "Enter" || event.key === " ") add(cross.x, cross.y);
    else if (event.key === "Backspace" || event.key === "Delete") removeLast();
    else return;
    event.preventDefault();
  });
  ["focus", "blur"].forEach((name) => box.addEventListener(name, aim));
  ["x1", "y1", "x2", "y2", "ruler_mm", "outline"].forEach((name) => field(name).addEventListener("input", () => { draw(); tell(); }));

  const buttons = document.createElement("div");
  buttons.className = "marking-buttons";
  [["Take the last point away", removeLast], ["Begin anew", () => { write([], []); tell(); }]].forEach(([words, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-second button-small";
    button.textContent = words;
    button.addEventListener("click", act);
    buttons.append(button);
  });
  said.after(buttons);
  draw();
  tell();
})();
