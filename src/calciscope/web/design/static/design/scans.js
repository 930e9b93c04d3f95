/* Sends a scan in parts that are taken up again after a break. Without it the form sends all at once. */
(function () {
  "use strict";
  var PAUSES_MS = [1000, 2000, 5000, 10000, 30000];
  document.querySelectorAll("form[data-scan-form]").forEach(function (form) {
    var box = form.querySelector(".sending"), bar = box.querySelector("progress"), words = box.querySelector(".sending-said");
    var token = form.querySelector("[name=csrfmiddlewaretoken]").value, size = Number(form.dataset.partBytes), going = false;
    function say(text) { if (words.textContent !== text) { words.textContent = text; } }
    function chosen() {
      var files = [];
      ["files", "folder"].forEach(function (name) { var input = form.elements[name]; if (input) { files = files.concat(Array.prototype.slice.call(input.files)); } });
      function path(file) { return file.webkitRelativePath || file.name; }
      return files.sort(function (a, b) { return path(a) < path(b) ? -1 : path(a) > path(b) ? 1 : 0; });
    }
    function post(address, body, headers) {
      var all = { "X-Requested-With": "calciscope", "X-CSRFToken": token };
      Object.keys(headers || {}).forEach(function (name) { all[name] = headers[name]; });
      return fetch(address, { method: body === null ? "GET" : "POST", body: body === null ? undefined : body, headers: all, credentials: "same-origin" });
    }
    function pause(attempt) { return new Promise(function (go) { window.setTimeout(go, PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]); }); }
    /* What is wrong stands at its field, as the page without a script shows it. */
    function unmark() { form.querySelectorAll(".error.from-script").forEach(function (line) { line.closest(".field").classList.remove("field-wrong"); line.remove(); }); }
    function mark(problem) {
      var input = form.querySelector("[name=" + problem[0] + "]") || form.elements.files, field = input.closest(".field"), line = document.createElement("p");
      line.className = "error from-script"; line.id = input.id + "-said"; line.textContent = problem[1]; line.setAttribute("role", "alert");
      field.classList.add("field-wrong"); field.insertBefore(line, input);
      input.setAttribute("aria-describedby", ((input.getAttribute("aria-describedby") || "") + " " + line.id).trim()); input.focus();
    }
    function fail(text) {
      if (!text) { going = false; box.hidden = true; return; }
      stop(text);
    }
    function stop(text) { going = false; box.hidden = false; bar.hidden = true; box.className = "sending notice notice-alert"; say(text); }
    /* One part; a lost connection is waited for, what the server refuses is said. */
    function part(address, number, offset, blob, attempt) {
      return post(address, blob, { "Content-Type": "application/octet-stream", "X-File": String(number), "X-Offset": String(offset) })
        .then(function (answer) {
          if (answer.status === 401) { throw new Error("Your log-in has ended. Log in in another window and choose the same files on the scan's page again."); }
          if (answer.status >= 500) { return null; }
          return answer.json().then(function (told) { if (!answer.ok) { throw new Error(told.message); } return told.here; });
        }, function () { return null; })
        .then(function (here) {
          if (here !== null) { return here; }
          say("No connection. It goes on when the connection is back.");
          return pause(attempt).then(function () { return part(address, number, offset, blob, attempt + 1); });
        });
    }
    function send(address, files, received) {
      var total = files.reduce(function (sum, file) { return sum + file.size; }, 0), sent = received.reduce(function (sum, n) { return sum + n; }, 0);
      var chain = Promise.resolve();
      function shown() { bar.value = total ? 100 * sent / total : 100; say((sent / 1e6).toFixed(0) + " of " + (total / 1e6).toFixed(0) + " MB sent."); }
      shown();
      files.forEach(function (file, number) {
        function on(offset) {
          if (offset >= file.size) { return null; }
          return part(address, number, offset, file.slice(offset, offset + size), 0).then(function (here) { sent += here - offset; shown(); return on(here); });
        }
        chain = chain.then(function () { return on(received[number] || 0); });
      });
      return chain;
    }
    function finish(page) {
      say("All is sent; the server looks at it.");
      var end = document.createElement("form");
      end.method = "post"; end.action = page; end.hidden = true;
      ["csrfmiddlewaretoken", "typed_by"].forEach(function (name) { end.appendChild(form.querySelector("[name=" + name + "]").cloneNode()); });
      var mark = document.createElement("input"); mark.name = "finish"; mark.value = "1"; end.appendChild(mark);
      document.body.appendChild(end); going = false; end.submit();
    }
    function begin(files) {
      var body = new FormData();
      ["question", "done_on"].forEach(function (name) { body.append(name, form.elements[name] ? form.elements[name].value : ""); });
      if (form.elements.done_elsewhere && form.elements.done_elsewhere.checked) { body.append("done_elsewhere", "1"); }
      body.append("sizes", JSON.stringify(files.map(function (file) { return file.size; })));
      body.append("names", JSON.stringify(files.map(function (file) { return (/\.(nii\.gz|nii|zip)$/i.exec(file.name) || [""])[0]; })));
      return post(form.getAttribute("action") || window.location.pathname, body).then(function (answer) {
        if (answer.status === 401) { throw new Error("Your log-in has ended. Log in again, then send the scan."); }
        return answer.json().then(function (told) {
          if (!answer.ok) { told.problems.forEach(mark); throw new Error(""); }
          window.history.replaceState(null, "", told.page);
          return send(told.part, files, []).then(function () { finish(told.page); });
        });
      });
    }
    function resume(files) {
      return post(form.dataset.resume, null).then(function (answer) { return answer.json(); }).then(function (told) {
        var same = told.sizes.length === files.length && told.sizes.every(function (bytes, n) { return bytes === files[n].size; });
        if (!same) { throw new Error("These are not the same files; choose those of the beginning."); }
        return send(form.dataset.resume, files, told.received).then(function () { finish(window.location.pathname); });
      });
    }
    form.addEventListener("submit", function (event) {
      var files = chosen();
      if (!files.length || going) { if (going) { event.preventDefault(); } return; }
      event.preventDefault();
      unmark(); going = true; box.hidden = false; bar.hidden = false; box.className = "sending"; say("Sending begins.");
      (form.dataset.resume ? resume(files) : begin(files)).catch(function (error) { fail(error.message); });
    });
    window.addEventListener("beforeunload", function (event) { if (going) { event.preventDefault(); } });
  });
  var summary = document.getElementById("error-summary");
  if (summary) { summary.focus(); }
})();
