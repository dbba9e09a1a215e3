// Shows times in the zone of the reader, with UTC in the title; also times that arrive later.
const WHOLE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( UTC)?$/;
const SHORT = /^\d\d:\d\d$/;
const two = (number) => String(number).padStart(2, "0");

function texts(at) {
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const short = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return { whole: `${day} ${short}:${two(at.getSeconds())}`, short };
}

export function localise(root) {
  const found = [...root.querySelectorAll("time[datetime]")];
  if (root.matches?.("time[datetime]")) found.push(root);
  for (const element of found) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const { whole, short } = texts(at);
    const text = element.textContent.trim();
    const local = WHOLE.test(text) ? whole : SHORT.test(text) ? short : text;
    const title = `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
    if (text !== local) element.textContent = local;
    if (element.title !== title) element.title = title;
  }
}

localise(document.body);
const zone = document.getElementById("zone");
if (zone !== null) zone.textContent = `in your time zone (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;

// Parts of the stream are in local time before they are put into the page; this is for what other scripts add.
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
      if (element !== null && element.isConnected) localise(element);
    }
  }
}).observe(document.body, { childList: true, subtree: true });
