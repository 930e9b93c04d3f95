// Lays the later picture over the earlier one, as far as a slider says. Without this script both stand side by side.
(() => {
  "use strict";
  document.querySelectorAll("[data-overlay]").forEach((pair) => {
    const earlier = pair.querySelector("figure");
    let later = pair.querySelectorAll("figure")[1];
    const ways = document.createElement("div");
    ways.className = "overlay-ways";
    const label = document.createElement("label");
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.max = "100";
    slider.value = "50";
    slider.id = "overlay-share";
    label.htmlFor = slider.id;
    label.textContent = "Earlier to later";
    const toggle = document.createElement("button");
    toggle.type = "button";
    toggle.className = "button button-second button-small";
    ways.append(label, slider, toggle);

    const show = (over) => {
      pair.classList.toggle("overlaid", over);
      toggle.textContent = over ? "Side by side" : "One over the other";
      slider.disabled = !over;
      share();
    };
    const share = () => {
      const over = pair.classList.contains("overlaid");
      const picture = later.querySelector("img, svg");
      picture.style.opacity = over ? String(slider.value / 100) : "";
      slider.setAttribute("aria-valuetext", `${slider.value} percent of the later picture`);
    };
    const start = () => {
      pair.prepend(ways);
      show(true);
    };
    slider.addEventListener("input", share);
    toggle.addEventListener("click", () => show(!pair.classList.contains("overlaid")));

    const input = document.getElementById(pair.dataset.new);
    if (later) start();
    if (input) {
      // A picture that was just chosen is read here alone, and sent only when the form is.
      input.addEventListener("change", () => {
        const file = input.files[0];
        if (!file || !/^image\/(jpeg|png)$/.test(file.type)) return;
        const reader = new FileReader();
        reader.addEventListener("load", () => {
          if (!later) {
            later = document.createElement("figure");
            later.append(document.createElement("img"), document.createElement("figcaption"));
            later.querySelector("figcaption").textContent = "The new picture, not saved yet";
            earlier.after(later);
          }
          later.querySelector("img").src = reader.result;
          later.querySelector("img").alt = "The new picture, not saved yet";
          start();
        });
        reader.readAsDataURL(file);
      });
    }
  });
})();
