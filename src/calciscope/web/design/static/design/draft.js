/* Keeps what is typed in forms marked data-draft on the server, every ten seconds; warns before typed text would be left. */
(function () {
  "use strict";
  var EVERY_MS = 10000;
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    var state = form.querySelector(".draft-state"), revision = form.querySelector("[name=draft_revision]");
    var changed = false, sending = false, leaving = false;
    function say(words) { if (state && state.textContent !== words) { state.textContent = words; } }
    function keep() {
      if (!changed || sending) { return; }
      changed = false; sending = true;
      fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Requested-With": "calciscope" }, credentials: "same-origin" })
        .then(function (answer) {
          if (answer.status === 401) { changed = true; say("Your log-in has ended. Log in in another window, then go on here: your text is still on this page."); return null; }
          return answer.json().then(function (told) {
            if (answer.ok) { revision.value = told.revision; say("Kept as a draft at " + new Date().toTimeString().slice(0, 5) + ". Not saved yet."); }
            else { say(told.message || "The draft could not be kept; save the form."); }
          });
        })
        .catch(function () { changed = true; say("No connection. Your text is still on this page and will be kept when the connection is back."); })
        .then(function () { sending = false; });
    }
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function (event) {
      if (!navigator.onLine) { event.preventDefault(); say("No connection. Nothing was sent; your text is still on this page. Save again when the connection is back."); return; }
      leaving = true;
    });
    window.addEventListener("online", function () { say("The connection is back. Your text is being kept."); keep(); });
    window.addEventListener("offline", function () { say("No connection. Go on typing: your text stays on this page and is kept when the connection is back."); });
    window.setInterval(keep, EVERY_MS);
    document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") { keep(); } });
    window.addEventListener("beforeunload", function (event) { if (changed && !leaving) { event.preventDefault(); } });
  });
  var summary = document.getElementById("error-summary");
  if (summary) { summary.focus(); }
  /* Deposits by keyboard: n and p go to the next and the one before, u confirms the one in focus as unchanged. */
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { return; }
    var cards = Array.prototype.slice.call(document.querySelectorAll(".deposit[tabindex]"));
    if (!cards.length) { return; }
    var here = cards.indexOf(event.target.closest(".deposit"));
    if (event.key === "n" || event.key === "p") { var next = cards[Math.min(cards.length - 1, Math.max(0, here + (event.key === "n" ? 1 : -1)))]; next.focus(); event.preventDefault(); }
    if (event.key === "u" && here >= 0) { var button = cards[here].querySelector("button.unchanged"); if (button) { button.click(); event.preventDefault(); } }
  });
})();
