// The body map as a view of plain form fields: a click or the arrow keys fill region, side, map, x and y; the lists move the point.
// Without this script each part of the body is a link that does the same on the server.
(() => {
  "use strict";
  const STEP = 4; // units of the drawing a key press moves the point; with Shift one unit
  const BESIDE = 8; // units by which a click may miss the outline, as on the server
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  document.querySelectorAll("[data-body-map]").forEach((picker) => {
    const svg = picker.querySelector("svg");
    const ring = svg.querySelector("[data-chosen]");
    const said = picker.querySelector("[role=status]");
    const box = svg.viewBox.baseVal;
    const field = (name) => document.getElementById(picker.getAttribute(`data-${name}-field`));
    const links = [...svg.querySelectorAll("a[data-words]")];
    let point = null; // in units of the drawing

    const toUnits = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const anchor = (link) => ({ x: box.x + link.dataset.x * box.width, y: box.y + link.dataset.y * box.height });
    const inBox = (at) => at.x >= box.x && at.x <= box.x + box.width && at.y >= box.y && at.y <= box.y + box.height;
    const holds = (link, at) => {
      const probe = svg.createSVGPoint();
      probe.x = at.x;
      probe.y = at.y;
      return [...link.querySelectorAll("path")].some((path) => path.isPointInFill(probe));
    };
    // The part at a point; just beside the body, the first part met on widening rings.
    const linkAt = (at) => {
      for (let reach = 0; reach <= BESIDE; reach += 1) {
        for (let turn = 0; turn < (reach ? 24 : 1); turn += 1) {
          const angle = (turn * Math.PI) / 12;
          const near = { x: at.x + reach * Math.cos(angle), y: at.y + reach * Math.sin(angle) };
          const found = links.find((link) => holds(link, near));
          if (found) return found;
        }
      }
      return null;
    };
    const write = (name, value) => {
      const input = field(name);
      if (!input || input.value === String(value)) return;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "body-map" }));
    };
    const show = (at) => {
      point = at;
      ring.setAttribute("visibility", at ? "visible" : "hidden");
      if (at) ring.setAttribute("transform", `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`);
    };
    const choose = (at, link) => {
      show(at);
      write("region", link.dataset.region);
      write("side", link.dataset.side);
      write("map", picker.dataset.bodyMap);
      write("x", ((at.x - box.x) / box.width).toFixed(4));
      write("y", ((at.y - box.y) / box.height).toFixed(4));
      said.textContent = `Chosen: ${link.dataset.words}.`;
      document.dispatchEvent(new CustomEvent("body-map-chosen", { detail: picker }));
    };

    svg.addEventListener("click", (event) => {
      const pressed = event.target.closest("a[data-region]");
      if (pressed) event.preventDefault();
      const byKey = event.detail === 0 && pressed && pressed.dataset.words; // Enter, a switch, a screen reader: no true point
      const at = byKey ? anchor(pressed) : toUnits(event);
      const link = byKey ? pressed : linkAt(at);
      if (!link) return;
      choose(at, link);
      link.focus();
    });
    svg.addEventListener("keydown", (event) => {
      const way = ARROWS[event.key];
      const focused = event.target.closest("a[data-words]");
      if (!way || !focused) return;
      event.preventDefault();
      if (!point) return choose(anchor(focused), focused);
      const step = event.shiftKey ? 1 : STEP;
      const at = { x: point.x + way[0] * step, y: point.y + way[1] * step };
      const link = inBox(at) && linkAt(at);
      if (link) {
        choose(at, link);
        link.focus();
      } else {
        said.textContent = "The point stays: that would be beside the body.";
      }
    });
    // Another view was chosen on: this one lets go of its point.
    document.addEventListener("body-map-chosen", (event) => {
      if (event.detail === picker) return;
      show(null);
      said.textContent = "";
    });
    // The lists: the point goes to the chosen part, where this view is the one in use, or the first that shows it.
    const fromLists = (event) => {
      if (event.detail === "body-map") return;
      const region = field("region").value;
      const side = field("side").value;
      const shows = (other) => other.querySelector(`a[data-words][data-region="${region}"][data-side="${side}"]`);
      const pickers = [...document.querySelectorAll("[data-body-map]")];
      const inUse = pickers.find((other) => other.dataset.bodyMap === field("map").value);
      const next = inUse && shows(inUse) ? inUse : pickers.find(shows);
      if (!next && inUse === picker) {
        show(null); // no view shows it: a point of another part must not stay behind
        said.textContent = "This part is not on these pictures; no point is kept.";
        ["map", "x", "y"].forEach((name) => write(name, ""));
      }
      if (next !== picker) return;
      const link = shows(picker);
      if (!point || linkAt(point) !== link) choose(anchor(link), link);
    };
    ["region", "side"].forEach((name) => field(name)?.addEventListener("change", fromLists));
    if (field("map")?.value === picker.dataset.bodyMap && field("x")?.value && field("y")?.value) {
      show({ x: box.x + field("x").value * box.width, y: box.y + field("y").value * box.height });
    }
  });
})();
