// Puts plots that can be asked for values in the place of the drawn ones, and keeps them up to date without moving them.
import uPlot from "/assets/vendor/uplot.js";
import { amount } from "/assets/amounts.js";

const LEAST_PAUSE = 5000;
const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3], [14, 4], [4, 4], [2, 6], [10, 3, 2, 3, 2, 3]];
const STEPS = [1, 2, 2.5, 5, 10];
const TIME_STEPS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const BAD = new Set(["failed", "silent", "kafka-lost"]);

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const drawn = new Map();
let lastAsked = 0;
let waiting = 0;
let pause = LEAST_PAUSE;

// The style sheet knows the colors of the theme; they are read from where it uses them.
const colorOf = {
  text: (figure) => getComputedStyle(figure.querySelector(".chart")).color,
  grid: (figure) => getComputedStyle(figure.querySelector(".chart")).borderTopColor,
  mark: (figure) => getComputedStyle(figure.querySelector(".chart")).outlineColor,
  bad: (figure) => getComputedStyle(figure.querySelector(".chart")).columnRuleColor,
  line: (figure, number) => getComputedStyle(figure.querySelector(`.legend .line-${number % DASHES.length}`)).stroke,
};

function ticks(highest, unit) {
  if (!(highest > 0)) return [0, 1];
  const wanted = highest / 4;
  let step = unit === "s" && wanted > 30 ? TIME_STEPS.find((each) => each >= wanted) : undefined;
  if (step === undefined) {
    const power = 10 ** Math.floor(Math.log10(wanted));
    step = STEPS.map((each) => each * power).find((each) => each * (1 + 1e-9) >= wanted);
  }
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, number) => number * step);
}

function highestOf(plot) {
  return plot.series.reduce((most, each) => each.values.reduce((a, b) => Math.max(a, b ?? 0), most), 0);
}

function plotFor(figure, view) {
  const found = view.plots.find((each) => each.id === figure.dataset.plot);
  if (found === undefined || figure.dataset.only === undefined) return found;
  const series = found.series.filter((each) => each.label === figure.dataset.only);
  return series.length > 0 ? { ...found, series } : undefined;
}

function showValues(figure, plot, index) {
  const cells = figure.querySelectorAll(".legend [data-latest]");
  plot.series.forEach((series, number) => {
    if (cells[number] === undefined) return;
    const last = series.values.slice(-3).filter((value) => value !== null).at(-1);
    const text = amount(index === null || index === undefined ? last : series.values[index], plot.unit);
    if (cells[number].textContent !== text) cells[number].textContent = text;
  });
}

function writeLegend(figure, plot) {
  const legend = figure.querySelector(".legend");
  const labels = [...legend.querySelectorAll("li > span")].map((each) => each.textContent);
  if (labels.join("\n") === plot.series.map((each) => each.label).join("\n")) return;
  const name = "http://www.w3.org/2000/svg";
  legend.replaceChildren(...plot.series.map((series, number) => {
    const item = document.createElement("li");
    const key = document.createElementNS(name, "svg");
    key.setAttribute("class", "key");
    key.setAttribute("viewBox", "0 0 24 8");
    key.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(name, "path");
    path.setAttribute("class", `line line-${number % DASHES.length}`);
    path.setAttribute("d", "M1 4H23");
    key.append(path);
    const label = document.createElement("span");
    label.textContent = series.label;
    const value = document.createElement("b");
    value.className = "n";
    value.dataset.latest = "";
    item.append(key, label, " ", value);
    return item;
  }));
}

// A value without neighbours is no line: it is drawn as a point.
function alone(u, number) {
  const values = u.data[number];
  return values.flatMap((value, i) => (value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null ? [i] : []));
}

function marks(state) {
  return (u) => {
    const { ctx } = u;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const event of state.view.events) {
      if (event.at < state.view.begin || event.at > state.view.end) continue;
      const x = Math.round(u.valToPos(event.at, "x", true));
      ctx.strokeStyle = colorOf[BAD.has(event.kind) ? "bad" : "mark"](state.figure);
      ctx.beginPath();
      ctx.moveTo(x, u.bbox.top);
      ctx.lineTo(x, u.bbox.top + u.bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  };
}

function draw(figure, plot, view) {
  const place = figure.querySelector(".chart");
  const state = { figure, plot, view };
  const axis = { stroke: () => colorOf.text(figure), grid: { stroke: () => colorOf.grid(figure), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
  const size = () => ({ width: place.clientWidth, height: place.clientHeight });
  const options = {
    ...size(),
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "dateline" }, drag: { x: false, y: false }, y: false },
    scales: {
      x: { time: true, range: () => [state.view.begin, state.view.end] },
      y: { range: () => [0, ticks(highestOf(state.plot), plot.unit).at(-1)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 24, gap: 4, space: 70, values: (_, times) => times.map(clock) },
      { ...axis, size: 56, gap: 6, splits: () => ticks(highestOf(state.plot), plot.unit), values: (_, values) => values.map((value) => amount(value, plot.unit)) },
    ],
    series: [{}, ...plot.series.map((series, number) => ({
      label: series.label,
      stroke: () => colorOf.line(figure, number),
      width: 1.75,
      dash: DASHES[number % DASHES.length],
      points: { show: true, size: 5, filter: alone },
    }))],
    hooks: {
      draw: [marks(state)],
      setCursor: [(u) => showValues(figure, state.plot, u.cursor.idx)],
    },
  };
  const box = document.createElement("div");
  box.className = "chart-box";
  place.replaceChildren(box);
  const made = new uPlot(options, [view.times, ...plot.series.map((each) => each.values)], box);
  const resized = new ResizeObserver(() => made.setSize(size()));
  resized.observe(place);
  drawn.set(figure, { made, state, labels: plot.series.map((each) => each.label).join("\n"), end: () => { resized.disconnect(); made.destroy(); } });
}

function show(figure, view) {
  const plot = plotFor(figure, view);
  if (plot === undefined) return;
  const known = drawn.get(figure);
  writeLegend(figure, plot);
  if (known === undefined || known.labels !== plot.series.map((each) => each.label).join("\n")) {
    known?.end();
    draw(figure, plot, view);
  } else {
    Object.assign(known.state, { plot, view });
    known.made.setData([view.times, ...plot.series.map((each) => each.values)]);
  }
  showValues(figure, plot, drawn.get(figure).made.cursor.idx);
}

// Plots that have data now and had none before, in their order; others go.
async function adopt(container, view) {
  const ids = view.plots.map((each) => each.id).join(" ");
  if ([...container.children].map((each) => each.dataset.plot).join(" ") === ids) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(".plots[data-all]");
  if (fresh === null) return;
  const known = new Map([...container.children].map((each) => [each.id, each]));
  container.replaceChildren(...[...fresh.children].map((each) => known.get(each.id) ?? each));
  for (const figure of drawn.keys()) if (!figure.isConnected) { drawn.get(figure).end(); drawn.delete(figure); }
}

async function refresh() {
  const windows = new Set([...document.querySelectorAll("[data-window]")].map((each) => each.dataset.window));
  for (const name of windows) {
    const answer = await fetch(`/history?window=${encodeURIComponent(name)}`, { headers: { accept: "application/json" } });
    if (!answer.ok) continue;
    const view = await answer.json();
    pause = Math.max(LEAST_PAUSE, view.step_seconds * 1000);
    const all = document.querySelector(`.plots[data-all][data-window="${name}"]`);
    if (all !== null) await adopt(all, view);
    for (const figure of document.querySelectorAll(`figure.plot[data-window="${name}"]`)) show(figure, view);
  }
}

function soon() {
  if (waiting !== 0 || document.querySelector("[data-window]") === null) return;
  waiting = setTimeout(async () => {
    lastAsked = Date.now();
    try {
      await refresh();
    } catch {
      // The next update asks again; live.js says that the service is away.
    }
    waiting = 0;
  }, Math.max(0, lastAsked + pause - Date.now()));
}

soon();
document.addEventListener("dateline:updated", soon);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { for (const { made } of drawn.values()) made.redraw(true); });
