// Listens to the one stream of events: an event is the id of an element and its new content. A hidden tab listens to nothing.
import { LineChart, fromZero, logarithmic, toHundred } from "./chart.js";
import { patch } from "./patch.js";

const silenceMs = 15000;                 // the server speaks every second or so; after this long it counts as gone
const retryMs = 2000;

const element = id => document.getElementById(id);
const sections = ["tiles", "wall", "shadow", "producers", "classes", "confusion", "lag", "dead-letters"];
const kinds = {
  throughput: { series: ["sent", "inferred", "stored"], unit: "/s", digits: 1, scale: fromZero },
  latency: { series: ["p50", "p95", "p99"], unit: " ms", digits: 0, scale: logarithmic },
  accuracy: { series: ["accuracy"], unit: " %", digits: 1, scale: toHundred },
};

// The stream.
let source, silence;

function connect() {
  disconnect();
  source = new EventSource(new URL("events", import.meta.url));
  source.onopen = heard;
  source.onerror = () => {
    show("no answer; these figures are old", true);
    if (source.readyState === EventSource.CLOSED) silence = setTimeout(connect, retryMs);    // the browser gave up; we do not
  };
  const on = (name, take) => source.addEventListener(name, event => { heard(); take(event.data); });
  for (const id of sections) on(id, markup => id === "wall" ? turn(markup) : patch(element(id), markup));
  on("charts", data => draw(JSON.parse(data)));
  on("state", text => show(text || "live", text !== ""));
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
  const state = element("state");
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("stale", isStale);
  state.classList.toggle("live", !isStale);
}

// The wall. Whoever looks at a picture keeps it.
const wall = element("wall");
const isLookedAt = () => wall.matches(":has(li:hover, li:focus-within)");
let held;

function turn(markup) {
  held = isLookedAt() ? markup : undefined;
  if (!held) patch(wall, markup);
}

for (const end of ["pointerleave", "focusout"]) {
  wall.addEventListener(end, () => setTimeout(() => { if (held) turn(held); }));
}

// What a picture shows: one form, which goes to the picture that is looked at.
const form = element("truth");
form.by.value = localStorage.getItem("by") ?? "";
const usual = [...form.label.options].map(option => option.value);

function ask(picture) {
  if (!picture || form.contains(document.activeElement) || form.closest("li") === picture) return;
  const own = [...picture.querySelectorAll(".probabilities b")].map(label => label.textContent);
  const labels = own.length ? own : usual, known = picture.dataset.label;
  form.label.replaceChildren(...[...new Set([...labels, known])].filter(Boolean).map(label => new Option(label)), new Option("another…", ""));
  form.label.value = known;
  offerOther();
  form.answer.value = "";
  form.hidden = false;
  picture.querySelector(".about").append(form);
}

// Of many classes a picture has the likeliest alone, and it may show what the model does not know.
function offerOther() {
  form.other.hidden = form.other.disabled = form.label.value !== "";
  form.other.value = "";
}

form.label.addEventListener("change", () => { offerOther(); form.other.focus(); });

for (const begin of ["pointerover", "focusin"]) wall.addEventListener(begin, event => ask(event.target.closest("li")));

form.addEventListener("submit", async event => {
  event.preventDefault();
  const [address, label, by] = [`${form.closest("li").querySelector("a").href}/truth`, form.label.value || form.other.value, form.by.value];
  localStorage.setItem("by", by);
  document.activeElement.blur();                                      // the wall waits for who is still looking
  form.answer.value = await send("PUT", address, { label, by }, () => `noted: ${label}`);
});

// The dead letters again.
element("dead-letters").addEventListener("click", async event => {
  const button = event.target.closest("[data-replay]");
  if (!button) return;
  button.disabled = true;
  const told = ({ sent, left, reasons }) => [`${sent} sent again, ${left} left`, ...reasons.slice(0, 3).map(({ problem }) => problem)].join("; ");
  element("replayed").value = await send("POST", new URL("../api/dead-letters/replay", import.meta.url), {}, told);
  button.disabled = false;
});

// What came of it, in words.
async function send(method, address, content, told) {
  try {
    const answer = await fetch(address, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) });
    const said = await answer.json().catch(() => ({}));
    return answer.ok ? told(said) : said.detail ?? said.title ?? `the answer is ${answer.status}`;
  } catch {
    return "no answer";
  }
}

// The charts. A second that is pointed at in one is pointed at in all.
const charts = Object.entries(kinds).map(([id, kind]) => ({ kind, chart: new LineChart(element(id), element(`${id}-legend`), kind) }));
for (const { chart } of charts) {
  chart.onPoint = second => charts.forEach(other => other.chart.pointAt(second));
}

function draw(data) {
  for (const { kind, chart } of charts) chart.show(data.second, kind.series.map(name => data[name]));
}

document.addEventListener("visibilitychange", () => document.hidden ? disconnect() : connect());
connect();
