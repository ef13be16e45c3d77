// Listens to the one stream of events: an event is the id of an element and its new content. A hidden tab listens to nothing.
const state = document.getElementById("state");
const silenceMs = 15000;                 // the server speaks every second or so; after this long it counts as gone
const retryMs = 2000;
const spanSeconds = 300;                 // what the charts show

const sections = ["tiles", "wall", "producers", "classes", "confusion", "lag", "dead-letters"];
const charts = {
  throughput: { unit: "/s", digits: 1, series: ["sent", "inferred", "stored"], widths: [7, 4, 2] },      // mostly on top of each other
  latency: { unit: " ms", digits: 0, series: ["p50", "p95", "p99"] },
  accuracy: { unit: " %", digits: 1, series: ["accuracy"] },
};

let source, silence, heldWall;

function connect() {
  disconnect();
  source = new EventSource("/page/events");
  source.onopen = heard;
  source.onerror = () => {
    show("no answer; these figures are old", true);
    if (source.readyState === EventSource.CLOSED) silence = setTimeout(connect, retryMs);    // the browser gave up; we do not
  };
  for (const id of sections) source.addEventListener(id, event => { heard(); replace(id, event.data); });
  source.addEventListener("charts", event => { heard(); draw(JSON.parse(event.data)); });
  source.addEventListener("state", event => { heard(); show(event.data || "live", event.data !== ""); });
}

function disconnect() {
  clearTimeout(silence);
  source?.close();
}

function heard() {
  clearTimeout(silence);
  silence = setTimeout(() => { show("no answer; these figures are old", true); connect(); }, silenceMs);
}

function show(text, isStale) {
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("stale", isStale);
  state.classList.toggle("live", !isStale);
}

// Whoever looks at a picture keeps it.
const wall = document.getElementById("wall");
const isLookedAt = () => wall.matches(":has(li:hover, a:focus-visible)");
for (const end of ["pointerleave", "focusout"]) {
  wall.addEventListener(end, () => setTimeout(() => { if (heldWall && !isLookedAt()) replace("wall", heldWall); }));
}

function replace(id, markup) {
  const element = document.getElementById(id);
  if (id === "wall") {
    heldWall = isLookedAt() ? markup : undefined;
    if (heldWall) return;
  }
  const fresh = document.createElement("template");
  fresh.innerHTML = markup;
  for (const image of fresh.content.querySelectorAll("img")) {          // a picture that stays is not loaded again
    const shown = element.querySelector(`img[src="${CSS.escape(image.getAttribute("src"))}"]`);
    shown?.classList.remove("new");
    if (shown) image.replaceWith(shown);
    else image.classList.add("new");
  }
  element.replaceChildren(fresh.content);
}

// Charts. Colours come from the style sheet, so that both colour schemes have their own.
const probe = document.body.appendChild(document.createElement("span"));
const plots = {};

function colour(name) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

function make(id) {
  const { series, widths = [] } = charts[id];
  const box = document.getElementById(id);
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
  return new uPlot({
    padding: [8, 8, 0, 0],
    width: box.clientWidth,
    height: box.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: (_, first, last) => [(last ?? 0) - spanSeconds, last ?? 0] },
      y: { range: (_, low, high) => rangeOf(id, low, high) },
    },
    axes: [
      { ...axis, size: 30, gap: 6, space: 50, values: (_, times) => times.map(clock) },
      { ...axis, size: 46, values: (_, values) => values.map(value => value.toLocaleString("en")) },
    ],
    series: [{}, ...series.map((name, index) => ({ label: name, stroke: colour(`--series-${index + 1}`), width: widths[index] ?? 2, points: { show: false } }))],
  }, [[], ...series.map(() => [])], box);
}

function clock(second) {
  return new Date(second * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function rangeOf(id, low, high) {
  if (low === null) return [0, 1];
  if (id === "accuracy") return [Math.max(0, Math.floor(low / 5) * 5 - 5), 100];
  return [0, Math.max(1, high * 1.1)];
}

let latest;

function draw(data) {
  latest = data;
  for (const [id, { series, unit, digits }] of Object.entries(charts)) {
    plots[id] ??= make(id);
    plots[id].setData([data.second, ...series.map(name => data[name])]);
    document.getElementById(`${id}-legend`).replaceChildren(...series.map((name, index) => {
      const entry = document.createElement("span");
      entry.className = `series-${index + 1}`;
      const value = data[name].at(-1);
      entry.textContent = `${name} ${value == null ? "–" : value.toLocaleString("en", { maximumFractionDigits: digits }) + unit}`;
      return entry;
    }));
  }
}

function redraw() {
  for (const id of Object.keys(plots)) {
    plots[id].destroy();
    delete plots[id];
  }
  if (latest) draw(latest);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new ResizeObserver(entries => {
  for (const { target } of entries) plots[target.id]?.setSize({ width: target.clientWidth, height: target.clientHeight });
}).observe(document.getElementById("throughput"));

document.addEventListener("visibilitychange", () => document.hidden ? disconnect() : connect());
connect();
