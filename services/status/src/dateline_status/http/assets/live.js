// Keeps the page up to date part by part: focus, selection, scroll and open details stay as they are.
import { Idiomorph } from "/assets/vendor/idiomorph.js";
import { localise } from "/assets/times.js";

if (document.querySelector("[data-window]") !== null) import("/assets/plots.js");

const AWAY_AFTER = 15000;
const ASK_EVERY = 5000;
const TRY_AGAIN = 30000;
const CALLBACKS = {
  // What the reader opened stays open.
  beforeAttributeUpdated: (name) => name !== "open",
  // Plots and other parts that scripts draw look after themselves.
  beforeNodeMorphed: (old) => !(old.nodeType === Node.ELEMENT_NODE && old.hasAttribute("data-drawn")),
  // What has the focus stays until the focus moves on, such as the last article of a list.
  beforeNodeRemoved: (old) => !old.contains(document.activeElement),
};

const main = document.querySelector("main[data-live]");
const away = document.getElementById("away");
let heard = Date.now();
let stream = null;
let asking = 0;

function wellAgain() {
  heard = Date.now();
  away.hidden = true;
}

function update(id, html, after) {
  if (id === "title") {
    document.title = new DOMParser().parseFromString(html, "text/html").documentElement.textContent;
    return;
  }
  const part = document.getElementById(id);
  if (html === "") {
    part?.remove();
    return;
  }
  const template = document.createElement("template");
  template.innerHTML = html;
  const wanted = template.content.firstElementChild;
  localise(wanted);
  if (part === null) {
    const before = after === null ? null : document.getElementById(after);
    if (before === null) main.prepend(wanted);
    else before.after(wanted);
  } else if (part.isEqualNode(wanted)) {
    return;
  } else {
    Idiomorph.morph(part, wanted, { morphStyle: "outerHTML", ignoreActiveValue: true, callbacks: CALLBACKS });
  }
  document.getElementById(id)?.dispatchEvent(new CustomEvent("dateline:updated", { bubbles: true }));
}

// Without a stream, the whole page is asked for again, and its parts are taken from it.
async function ask() {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.querySelector("main[data-live]") === null) return;
    wellAgain();
    update("title", page.title, null);
    for (const part of page.querySelectorAll("main > section[id]")) {
      const before = part.previousElementSibling?.id || null;
      update(part.id, part.outerHTML, before);
    }
  } catch {
    away.hidden = false;
  }
}

function close() {
  stream?.close();
  stream = null;
  clearInterval(asking);
  asking = 0;
}

function open() {
  close();
  heard = Date.now();
  stream = new EventSource(location.pathname + location.search);
  stream.addEventListener("part", (event) => {
    wellAgain();
    const { id, html, after } = JSON.parse(event.data);
    update(id, html, after);
  });
  stream.addEventListener("here", wellAgain);
  stream.addEventListener("open", () => {
    wellAgain();
    clearInterval(asking);
    asking = 0;
  });
  stream.addEventListener("error", () => {
    // The browser tries again by itself, unless the answer was no stream: too many are open, or a proxy answered.
    if (stream?.readyState === EventSource.CLOSED && asking === 0) {
      asking = setInterval(ask, ASK_EVERY);
      setTimeout(() => { if (asking !== 0 && !document.hidden) open(); }, TRY_AGAIN);
      ask();
    } else if (Date.now() - heard > 2000) {
      away.hidden = false;
    }
  });
}

if (main !== null) {
  open();
  // A browser has few connections to a host: a page that nobody sees needs none.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  setInterval(() => { if (stream !== null && Date.now() - heard > AWAY_AFTER) away.hidden = false; }, 1000);
}
