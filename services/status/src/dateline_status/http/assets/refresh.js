// Refreshes the page without losing the reader's place, and shows a notice while the service does not answer.
const PAUSE = 3000;

async function refresh() {
  try {
    const answer = await fetch("/", { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const open = [...document.querySelectorAll("details[open]")].map((each) => each.id);
    document.getElementById("main").replaceWith(page.getElementById("main"));
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    document.title = page.title;
    document.getElementById("away").hidden = true;
  } catch {
    document.getElementById("away").hidden = false;
  }
  setTimeout(refresh, PAUSE);
}

setTimeout(refresh, PAUSE);
