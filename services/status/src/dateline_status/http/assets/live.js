// Keeps the page up to date part by part: focus, selection, scroll and open details stay as they are.
import { Idiomorph } from "/assets/vendor/idiomorph.js";

const AWAY_AFTER = 15000;
const away = document.getElementById("away");
let heard = Date.now();

function update(event) {
  heard = Date.now();
  away.hidden = true;
  const { id, html } = JSON.parse(event.data);
  if (id === "title") {
    document.title = new DOMParser().parseFromString(html, "text/html").documentElement.textContent;
    return;
  }
  const part = document.getElementById(id);
  if (part === null) return;
  Idiomorph.morph(part, html, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      // What the reader opened stays open.
      beforeAttributeUpdated: (name) => name !== "open",
      // Plots and other parts that scripts draw look after themselves.
      beforeNodeMorphed: (old) => !(old.nodeType === Node.ELEMENT_NODE && old.hasAttribute("data-drawn")),
    },
  });
  part.dispatchEvent(new CustomEvent("dateline:updated", { bubbles: true }));
}

if (document.querySelector("main[data-live]") !== null) {
  const stream = new EventSource(location.pathname + location.search);
  stream.addEventListener("part", update);
  stream.addEventListener("here", () => { heard = Date.now(); away.hidden = true; });
  stream.addEventListener("open", () => { heard = Date.now(); away.hidden = true; });
  stream.addEventListener("error", () => { away.hidden = Date.now() - heard < 2000; });
  setInterval(() => { if (Date.now() - heard > AWAY_AFTER) away.hidden = false; }, 1000);
}
