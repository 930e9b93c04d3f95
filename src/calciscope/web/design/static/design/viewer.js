/* One canvas of a review: slices or 3-D of a crop, deposits outlined and named. It wraps NiiVue and knows nothing of the page. */
(function () {
  "use strict";
  var SOFT = [-160, 440], DENSE = [-300, 2000], SOLID = [180, 1400], NAMED_WITHIN_MM = 5, LABELS = 1002, SOLID_PIXELS = 0.6;

  /* Axial above, coronal and sagittal below; types as NiiVue numbers them. */
  var SLICES = [{ sliceType: 0, position: [0, 0, 1, 0.62] }, { sliceType: 1, position: [0, 0.63, 0.495, 0.37] }, { sliceType: 2, position: [0.505, 0.63, 0.495, 0.37] }];

  function ras(lps) { return [-lps[0], -lps[1], lps[2]]; }

  /* side: the figure that holds canvas and names. told: { moved(offsetMm), clicked(markNumber, lpsMm), read(text) } */
  function Viewer(side, told) {
    var canvas = side.querySelector("canvas"), names = side.querySelector(".stage-names"), self = this;
    var nv = new window.niivue.Niivue({
      backColor: [0.03, 0.045, 0.055, 1], crosshairColor: [1, 0.75, 0.24, 0.85], crosshairWidth: 0.35, crosshairWidthUnit: "percent", crosshairGap: 6, show3Dcrosshair: false,
      isRadiologicalConvention: true, dragAndDropEnabled: false, loadingText: "", logLevel: "silent", isResizeCanvas: true, isCornerOrientationText: true,
      multiplanarShowRender: window.niivue.SHOW_RENDER.NEVER, multiplanarPadPixels: 4, tileMargin: 4, sliceType: window.niivue.SLICE_TYPE.MULTIPLANAR, viewModeHotKey: "", clipPlaneHotKey: "",
      cycleClipPlaneHotKey: "", gradientOrder: 1, fontMinPx: 10, fontSizeScaling: 0.3, forceDevicePixelRatio: 1, textHeight: 0.04
    });
    nv.meshShaders.length = 1; /* no surface is ever drawn, and each of its shaders would be compiled before the first picture */
    this.nv = nv; this.told = told; this.canvas = canvas; this.names = names; this.what = null; this.view = "slices"; this.marksOn = true; this.dense = false;
    this.points = []; this.quiet = false; this.held = false; this.undrawn = false; this.shown = ""; this.token = 0;
    this.ready = nv.attachToCanvas(canvas, false).then(function () {
      var draw = nv.drawScene.bind(nv), update = nv.updateGLVolume.bind(nv);
      nv.drawScene = function () { if (self.held || self.undrawn) { return undefined; } var answer = draw(); self.write(); return answer; };
      nv.updateGLVolume = function () { if (!self.held) { update(); } };
    });
    nv.onLocationChange = function (where) { self.located(where); };
    var down = null;
    canvas.addEventListener("pointerdown", function (event) { down = [event.clientX, event.clientY]; });
    canvas.addEventListener("pointerup", function (event) {
      if (!down || Math.hypot(event.clientX - down[0], event.clientY - down[1]) > 4 || event.button !== 0) { return; }
      window.setTimeout(function () { told.clicked(self.markHere(), self.here()); }, 0);
    });
    canvas.addEventListener("keydown", function (event) { self.key(event); });
  }

  Viewer.prototype.show = function (what, view) {
    var self = this, nv = this.nv, key = JSON.stringify([what, view]), token;
    this.what = what; this.view = view;
    if (key === this.shown) { return this.pending; } /* as it stands, such as when the other scan's picture comes beside it */
    this.shown = key; token = ++this.token;
    this.pending = this.ready.then(function () {
      var same = self.loaded && self.loaded === what.scan;
      self.held = true; /* nothing is drawn before all is in place: without a graphics card each drawing takes a while */
      return same ? null : nv.loadVolumes([
        { url: what.scan, name: "scan.nii.gz", colormap: "gray", cal_min: SOFT[0], cal_max: SOFT[1] },
        { url: what.marks, name: "marks.nii.gz", colormap: "gray", opacity: 0 }
      ]);
    }).then(function () {
      if (token !== self.token) { return; }
      self.loaded = what.scan;
      nv.volumes[1].hdr.intent_code = LABELS;
      self.paint();
      nv.opts.forceDevicePixelRatio = view === "slices" ? 1 : SOLID_PIXELS;
      nv.resizeListener();
      nv.setCustomLayout(view === "slices" ? SLICES : [{ sliceType: 4, position: [0, 0, 1, 1] }]);
      self.held = false;
      self.undrawn = true; nv.updateGLVolume(); self.undrawn = false; /* drawn once, with the cross in its place */
      self.middle();
    }).catch(function (error) { self.held = self.undrawn = false; self.shown = ""; throw error; });
    return this.pending;
  };

  Viewer.prototype.hide = function () { this.token += 1; this.what = null; this.loaded = null; this.shown = ""; while (this.nv.volumes.length) { this.nv.removeVolume(this.nv.volumes[0]); } this.nv.drawScene(); };

  /* Colours of the marks: in 3-D they are filled, on slices outlined, so that the density beneath stays to be seen. */
  Viewer.prototype.paint = function () {
    var nv = this.nv, what = this.what, table = { R: [0], G: [0], B: [0], A: [0], I: [0], labels: [""] };
    if (!what || nv.volumes.length < 2) { return; }
    var limits = this.view !== "slices" ? SOLID : this.dense ? DENSE : SOFT;
    nv.volumes[0].cal_min = limits[0]; nv.volumes[0].cal_max = limits[1];
    what.marks_are.slice().sort(function (a, b) { return a[0] - b[0]; }).forEach(function (one) {
      table.I.push(one[0]); table.R.push(one[2]); table.G.push(one[3]); table.B.push(one[4]); table.A.push(255); table.labels.push(one[1]);
    });
    nv.volumes[1].setColormapLabel(table);
    nv.opts.atlasOutline = this.view === "slices" && this.marksOn ? 1 : 0;
    nv.setOpacity(1, this.marksOn ? (this.view === "slices" ? 0.12 : 1) : 0);
    nv.updateGLVolume();
  };

  Viewer.prototype.middle = function () { this.go(ras(this.what.centre)); };
  Viewer.prototype.go = function (mm) { var nv = this.nv; if (!nv.volumes.length) { return; } nv.scene.crosshairPos = nv.mm2frac(mm); nv.drawScene(); };
  Viewer.prototype.mm = function () { return Array.prototype.slice.call(this.nv.frac2mm(this.nv.scene.crosshairPos), 0, 3); };
  Viewer.prototype.here = function () { var mm = this.mm(); return [-mm[0], -mm[1], mm[2]]; };
  Viewer.prototype.offset = function () { var mm = this.mm(), c = ras(this.what.centre); return [mm[0] - c[0], mm[1] - c[1], mm[2] - c[2]]; };
  Viewer.prototype.follow = function (offset) { if (!this.what || !this.nv.volumes.length) { return; } var c = ras(this.what.centre); this.quiet = true; this.go([c[0] + offset[0], c[1] + offset[1], c[2] + offset[2]]); this.quiet = false; };
  Viewer.prototype.value = function (n) { var volume = this.nv.volumes[n]; if (!volume) { return 0; } var vox = volume.mm2vox(this.mm()); return volume.getValue(vox[0], vox[1], vox[2]); };
  Viewer.prototype.markHere = function () { return Math.round(this.value(1)); };

  Viewer.prototype.located = function () {
    if (!this.what || this.quiet || this.nv.volumes.length < 2) { return; }
    this.told.moved(this.offset());
    this.read();
  };
  Viewer.prototype.read = function () {
    var mark = this.markHere(), named = this.what.marks_are.filter(function (one) { return one[0] === mark; })[0];
    this.told.read((named && mark ? "Number " + named[1] : "Nothing marked here") + ", " + Math.round(this.value(0)) + " HU");
  };

  /* Arrow keys move the cross by a voxel in the slice, Page up and Page down to the next slice, plus and minus zoom. */
  Viewer.prototype.key = function (event) {
    var steps = { ArrowLeft: [1, 0, 0], ArrowRight: [-1, 0, 0], ArrowUp: [0, 1, 0], ArrowDown: [0, -1, 0], PageUp: [0, 0, 1], PageDown: [0, 0, -1] }, by = steps[event.key];
    if (event.key === "+" || event.key === "-") { this.zoom(event.key === "+" ? 1.25 : 0.8); event.preventDefault(); return; }
    if (event.key === "Enter" || event.key === " ") { this.told.clicked(this.markHere(), this.here()); event.preventDefault(); event.stopPropagation(); return; }
    if (!by || !this.nv.volumes.length) { return; }
    var mm = this.mm(), dims = this.nv.volumes[0].pixDims || [1, 1, 1, 1], many = event.shiftKey ? 5 : 1;
    this.go([mm[0] + many * by[0] * dims[1], mm[1] + many * by[1] * dims[2], mm[2] + many * by[2] * dims[3]]);
    this.located(); event.preventDefault(); event.stopPropagation();
  };
  Viewer.prototype.zoom = function (by) {
    var at = this.nv.scene.pan2Dxyzmm, mm = this.mm(), zoom = Math.min(8, Math.max(1, at[3] * by));
    this.nv.setPan2Dxyzmm(zoom === 1 ? [0, 0, 0, 1] : [-mm[0] + this.centreOfView()[0], -mm[1] + this.centreOfView()[1], -mm[2] + this.centreOfView()[2], zoom]);
  };
  Viewer.prototype.centreOfView = function () { return Array.prototype.slice.call(this.nv.frac2mm([0.5, 0.5, 0.5]), 0, 3); };

  /* Names of what is seen, and the points that were set, as text over the picture. */
  Viewer.prototype.write = function () {
    var self = this, nv = this.nv, box = this.names, ratio = this.canvas.width / Math.max(1, this.canvas.clientWidth);
    box.textContent = "";
    if (!this.what || !nv.volumes.length) { return; }
    var mm = this.mm(), marks = this.marksOn ? this.what.marks_are : [];
    nv.screenSlices.forEach(function (tile) {
      if (tile.axCorSag > 2) { self.project(tile.leftTopWidthHeight, marks, ratio); return; }
      marks.forEach(function (one) { self.place(tile, ras(one.slice(5, 8)), one[1], one[0] === self.what.mark ? "name-own" : "", mm, ratio, one[0] === self.what.mark ? 1e9 : NAMED_WITHIN_MM); });
      self.points.forEach(function (point, n) { self.place(tile, ras(point), String(n + 1), "name-point", mm, ratio, 1e9); });
    });
  };
  Viewer.prototype.place = function (tile, at, text, kind, mm, ratio, within) {
    var axes = [[0, 1, 2], [0, 2, 1], [1, 2, 0]][tile.axCorSag], lt = tile.leftTopWidthHeight, w = Math.abs(lt[2]), left = lt[2] < 0 ? lt[0] + lt[2] : lt[0];
    if (Math.abs(at[axes[2]] - mm[axes[2]]) > within) { return; }
    var fx = (at[axes[0]] - tile.leftTopMM[0]) / tile.fovMM[0], fy = (at[axes[1]] - tile.leftTopMM[1]) / tile.fovMM[1];
    if (lt[2] < 0) { fx = 1 - fx; }
    if (!(fx > 0 && fx < 1 && fy > 0 && fy < 1)) { return; }
    this.text(text, kind, (left + fx * w) / ratio, (lt[1] + (1 - fy) * lt[3]) / ratio);
  };
  /* In 3-D: where the camera sees the middle of each. Only what lies within the volume shown is named. */
  Viewer.prototype.project = function (box, marks, ratio) {
    var self = this, nv = this.nv, m = nv.calculateMvpMatrix(null, box, nv.scene.renderAzimuth, nv.scene.renderElevation)[0];
    marks.forEach(function (one) {
      var p = ras(one.slice(5, 8)), f = nv.mm2frac(p);
      if (Math.min(f[0], f[1], f[2]) < 0 || Math.max(f[0], f[1], f[2]) > 1) { return; }
      var w = m[3] * p[0] + m[7] * p[1] + m[11] * p[2] + m[15], x = (m[0] * p[0] + m[4] * p[1] + m[8] * p[2] + m[12]) / w, y = (m[1] * p[0] + m[5] * p[1] + m[9] * p[2] + m[13]) / w;
      self.text(one[1], one[0] === self.what.mark ? "name-own" : "", (box[0] + (x + 1) / 2 * box[2]) / ratio, (box[1] + (1 - y) / 2 * box[3]) / ratio);
    });
  };
  Viewer.prototype.text = function (text, kind, left, top) {
    var mark = document.createElement("span");
    mark.className = "stage-name " + kind + (left > 0.85 * this.canvas.clientWidth ? " name-left" : ""); mark.textContent = text;
    mark.style.left = left + "px"; mark.style.top = top + "px";
    this.names.appendChild(mark);
  };

  window.CalciscopeViewer = Viewer;
})();
