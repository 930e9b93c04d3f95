/* The review: the viewer beside the list, each selecting in the other; single keys as commands; points for splitting and adding.
   Without this script the page has its forms, its links and three cuts through each deposit. */
(function () {
  "use strict";
  var desk = document.getElementById("desk"), stage = document.getElementById("stage"), read = document.getElementById("stage-read");
  var viewers = {}, view = "slices", mode = "", points = [], keysOn = true, wholeShown = false;

  function data() { var held = document.getElementById("viewer-data"); return held ? JSON.parse(held.dataset.viewer) : null; }
  function canDraw() {
    if (!window.niivue || !window.CalciscopeViewer) { return false; }
    try { return Boolean(document.createElement("canvas").getContext("webgl2")); } catch (error) { return false; }
  }
  function say(text) { if (read.textContent !== text) { read.textContent = text; } }

  function begin() {
    var now = data();
    if (!stage || !now || !canDraw()) { return; }
    stage.hidden = false; document.body.classList.add("has-stage");
    add("now");
    stage.querySelectorAll("[data-view]").forEach(function (button) { button.addEventListener("click", function () { look(view === button.dataset.view ? "slices" : button.dataset.view); }); });
    stage.querySelectorAll("[data-window]").forEach(function (button) { button.addEventListener("click", function () { windowed(button.dataset.window === "dense"); }); });
    stage.querySelector("[data-marks]").addEventListener("click", marks);
    /* The earlier scan's canvas is set up once this scan is drawn, since making its shaders takes as long again. */
    show().then(function () { window.setTimeout(function () { if (add("then")) { show(); } }, 0); });
  }
  function add(name) {
    var side = stage.querySelector("[data-side=" + name + "]"), other = name === "now" ? "then" : "now";
    if (!side) { return null; }
    viewers[name] = new window.CalciscopeViewer(side, {
      moved: function (offset) { if (viewers[other] && view !== "whole") { viewers[other].follow(offset); } },
      clicked: function (mark, lps) { clicked(name, mark, lps); },
      read: say
    });
    return viewers[name];
  }

  function pressed(selector, test) { stage.querySelectorAll(selector).forEach(function (button) { button.setAttribute("aria-pressed", String(test(button))); }); }
  function each(act) { Object.keys(viewers).forEach(function (name) { act(viewers[name], name); }); }
  function look(next) { view = next; pressed("[data-view]", function (button) { return button.dataset.view === view; }); show(); }
  function windowed(dense) { each(function (one) { one.dense = dense; one.paint(); }); pressed("[data-window]", function (button) { return (button.dataset.window === "dense") === dense; }); }
  function marks() { var on = !viewers.now.marksOn; each(function (one) { one.marksOn = on; one.paint(); one.nv.drawScene(); }); pressed("[data-marks]", function () { return on; }); }

  /* Both pictures of the item at hand; where the earlier scan has none of it, the same place is shown and said. */
  function show() {
    var now = data(), then = now && now.then, work = [];
    if (!now || !viewers.now) { return Promise.resolve(); }
    stage.classList.toggle("stage-whole", view === "whole");
    delete stage.dataset.drawn;
    wholeShown = view === "whole";
    words("now", "number " + now.item);
    if (view === "whole") {
      work.push(viewers.now.show(Object.assign({}, now.now, { scan: stage.dataset.whole, marks: stage.dataset.wholeMarks }), "whole"));
    } else {
      work.push(viewers.now.show(now.now, view));
      if (viewers.then && then) { words("then", then.name ? "number " + then.name : "not there; about the same place"); work.push(viewers.then.show(then, view)); }
      else if (viewers.then) { words("then", "no place known"); viewers.then.hide(); }
    }
    return Promise.all(work).then(function () {
      viewers.now.read();
      return new Promise(function (go) { window.requestAnimationFrame(function () { stage.dataset.drawn = now.item + " " + view; stage.dataset.sides = String(Object.keys(viewers).length); go(); }); });
    },
      function () { say("The pictures could not be loaded; the list works without them."); });
  }
  function words(side, text) { var held = stage.querySelector("[data-side=" + side + "] .stage-what"); if (held) { held.textContent = text; } }

  function clicked(side, mark, lps) {
    if (mode && side === "now") { point(lps); return; }
    if (side !== "now" || !mark) { return; }
    var named = data().now.marks_are.filter(function (one) { return one[0] === mark; })[0], id = named && named[1].split(" ")[0];
    if (id && id !== data().item) { choose(id); }
  }
  function choose(id) { var line = desk.querySelector('[data-line="' + id + '"]'); if (line) { line.click(); } }

  /* Points: set one after another on the picture, then sent with the form. */
  function set(next) {
    mode = next; points = [];
    if (mode && view !== "slices") { look("slices"); }
    pointed();
  }
  function point(lps) {
    if (mode === "add") { points = [lps]; } else { points.push(lps); }
    pointed();
  }
  function pointed() {
    var box = desk.querySelector(".points");
    if (!box) { return; }
    box.hidden = !mode;
    desk.querySelector("[name=seeds]").value = JSON.stringify(points);
    box.querySelector(".points-said").textContent = mode === "split" ? "Click on the middle of each part in this scan's picture: " + points.length + " set. Or move the cross by arrow keys and press Enter."
      : mode === "add" ? "Click on the missed deposit in this scan's picture" + (points.length ? ": set." : ".") : "";
    box.querySelectorAll("[data-do]").forEach(function (button) { button.hidden = button.dataset.do !== mode; button.disabled = points.length < (mode === "split" ? 2 : 1); });
    if (viewers.now) { viewers.now.points = points; viewers.now.nv.drawScene(); }
    if (mode && viewers.now && !points.length) { viewers.now.canvas.focus({ preventScroll: true }); }
  }

  function line(by) {
    var lines = Array.prototype.slice.call(desk.querySelectorAll("[data-line]")), at = lines.findIndex(function (one) { return one.getAttribute("aria-current"); });
    var next = lines[Math.min(lines.length - 1, Math.max(0, at + by))];
    if (next) { next.click(); }
  }
  function tick() { var here = desk.querySelector(".line-here input"); if (here) { here.checked = !here.checked; } }
  function press(key) {
    var found = desk.querySelector('[data-key="' + key + '"]');
    if (!found || found.disabled || found.hidden) { return false; }
    found.click();
    if (key === "l") { desk.querySelector("#f-kind").focus(); }
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (!keysOn || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
    var tag = event.target.tagName, typing = tag === "SELECT" || tag === "TEXTAREA" || (tag === "INPUT" && event.target.type !== "checkbox");
    if (event.key === "Escape" && mode) { set(""); event.preventDefault(); return; }
    if (typing) { return; }
    var key = event.key.toLowerCase();
    if (mode && event.key === "Enter" && tag !== "BUTTON" && tag !== "A") { var go = desk.querySelector('[data-do="' + mode + '"]'); if (go && !go.disabled) { go.click(); event.preventDefault(); } return; }
    var done = key === "j" ? line(1) || true : key === "k" ? line(-1) || true : key === "x" ? tick() || true
      : viewers.now && key === "d" ? look(view === "solid" ? "slices" : "solid") || true : viewers.now && key === "w" ? look(view === "whole" ? "slices" : "whole") || true
      : viewers.now && key === "b" ? windowed(!viewers.now.dense) || true : viewers.now && key === "h" ? marks() || true : key.length === 1 && press(key);
    if (done) { event.preventDefault(); }
  });
  desk.addEventListener("click", function (event) {
    var button = event.target.closest("[data-mode]");
    if (button) { set(button.dataset.mode); }
  });
  desk.addEventListener("change", function (event) { if (event.target.id === "keys-on") { keysOn = event.target.checked; } });
  /* The list scrolls within itself; the page stays where it is. */
  function scrolled(line) {
    var list = line.parentElement, above = line.offsetTop - list.scrollTop, below = above + line.offsetHeight - list.clientHeight;
    if (above < 0 || below > 0) { list.scrollTop += (above < 0 ? above : below) + (above < 0 ? -1 : 1) * line.offsetHeight; }
  }
  function settled() {
    var keys = document.getElementById("keys-on"), here = desk.querySelector(".line-here");
    if (keys) { keys.checked = keysOn; }
    desk.querySelectorAll(".needs-viewer").forEach(function (button) { button.hidden = !viewers.now; });
    if (here) { scrolled(here); }
    if (viewers.now && desk.querySelector(".cuts")) { desk.querySelector(".cuts").open = false; }
    mode = ""; points = [];
    if (viewers.now) { viewers.now.points = []; }
  }
  document.body.addEventListener("htmx:afterSettle", function (event) { if (event.detail.target === desk) { settled(); show(); } });
  begin(); settled();
  window.calciscopeReview = { viewers: viewers };
})();
