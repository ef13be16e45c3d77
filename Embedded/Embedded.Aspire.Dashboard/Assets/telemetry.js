// Charts, and walking through the spans of a trace. What is drawn comes as JSON in an attribute; morphing changes the attribute, and the
// chart, which lives in a shadow root, stays.
"use strict";

const hueCount = 8;

const clock = (seconds, exact) => new Date(seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: exact ? "2-digit" : undefined });

/** @element time-chart draws `data`: {unit, x: [unix seconds], lines: [{name, y}], exemplars: [{x, y, href, title}]}. */
class TimeChart extends HTMLElement {
  static observedAttributes = ["data"];

  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    for (const sheet of document.querySelectorAll('link[href*="uPlot"], link[href*="telemetry.css"]')) root.append(sheet.cloneNode());
    this.box = document.createElement("div");
    this.box.className = "plot";
    root.append(this.box);
    this.resizing = new ResizeObserver(() => this.chart?.setSize(this.size()));
    this.resizing.observe(this);
    this.theming = new MutationObserver(() => this.draw());
    this.theming.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.onscheme = () => this.draw();
    this.scheme.addEventListener("change", this.onscheme);
    this.draw();
  }

  disconnectedCallback() {
    this.resizing.disconnect();
    this.theming.disconnect();
    this.scheme.removeEventListener("change", this.onscheme);
    this.chart?.destroy();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.box || before === after) return;
    const data = JSON.parse(after);
    const same = this.chart && data.unit === this.data.unit && data.lines.length === this.data.lines.length && data.lines.every((line, i) => line.name === this.data.lines[i].name);
    if (!same) return this.draw();
    this.data = data;
    this.chart.setData(this.columns());
    this.tell(this.chart);
  }

  /** A colour of the stylesheet, as the canvas needs it. */
  colour(name) {
    this.box.style.color = `var(${name})`;
    return getComputedStyle(this.box).color;
  }

  size() { return { width: Math.max(120, this.clientWidth), height: this.clientHeight - (this.chart?.root.querySelector(".u-legend")?.offsetHeight ?? 28) }; }

  columns() { return [this.data.x, ...this.data.lines.map(line => line.y)]; }

  draw() {
    this.chart?.destroy();
    this.data = JSON.parse(this.getAttribute("data"));
    const quiet = this.colour("--quiet"), rule = this.colour("--line");
    const axis = { stroke: quiet, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1, size: 4 }, font: "12px system-ui, sans-serif" };
    const options = {
      ...this.size(),
      cursor: { points: { size: 6 }, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (plot, low, high) => this.range(low, high) } },
      axes: [{ ...axis, space: 76, size: 32, values: (plot, splits, index, space, step) => splits.map(x => clock(x, step < 60)) }, { ...axis, size: 62, values: (plot, splits) => splits.map(value => value === null ? "" : this.text(value)) }],
      series: [
        { label: "Time", value: (plot, x) => x === null ? "" : clock(x, true) },
        ...this.data.lines.map((line, i) => ({
          label: line.name,
          stroke: this.colour(`--hue-${i % hueCount}`),
          width: 1.6,
          spanGaps: true,
          points: { show: line.y.filter(y => y !== null).length < 3, size: 5 },
          value: (plot, y) => y === null ? "–" : `${this.text(y)} ${this.data.unit}`,
        })),
      ],
      legend: { live: true },
      hooks: { draw: [plot => this.mark(plot)], setCursor: [plot => this.tell(plot)] },
    };
    this.chart = new uPlot(options, this.columns(), this.box);
    this.chart.setSize(this.size());
    this.tell(this.chart);
  }

  /** From zero, where nothing is below it, and wide enough for the exemplars. */
  range(low, high) {
    const values = this.data.exemplars.map(mark => mark.y);
    low = Math.min(low ?? 0, 0, ...values);
    high = Math.max(high ?? 0, ...values);
    return [low, high > low ? high + (high - low) * 0.06 : low + 1];
  }

  /** Where nobody points, the legend tells the newest values. */
  tell(plot) {
    if (plot.cursor.left >= 0) return;
    const newest = this.data.x.findLastIndex((x, i) => this.data.lines.some(line => line.y[i] !== null));
    if (newest >= 0) plot.setLegend({ idx: newest });
  }

  text(value) { return value.toLocaleString("en", { maximumSignificantDigits: 4 }); }

  /** Exemplars are links: they can be reached by keyboard and open in a tab. */
  mark(plot) {
    const [from, to] = [plot.scales.x.min, plot.scales.x.max];
    const marks = this.data.exemplars.filter(mark => mark.x >= from && mark.x <= to);
    const links = [...plot.over.querySelectorAll("a")];
    while (links.length > marks.length) links.pop().remove();
    while (links.length < marks.length) links.push(plot.over.appendChild(document.createElement("a")));
    marks.forEach((mark, i) => {
      const link = links[i];
      link.className = "exemplar";
      link.href = mark.href;
      link.title = mark.title;
      link.ariaLabel = `Exemplar, ${mark.title}`;
      link.style.left = `${plot.valToPos(mark.x, "x")}px`;
      link.style.top = `${plot.valToPos(mark.y, "y")}px`;
    });
  }
}
customElements.define("time-chart", TimeChart);

// The span whose details are open is marked in the waterfall without asking for the waterfall again.
function markSpan() {
  const chosen = new URLSearchParams(location.search).get("span");
  for (const link of document.querySelectorAll("[data-span]")) {
    if (link.dataset.span === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
document.addEventListener("htmx:pushedIntoHistory", markSpan);

// Arrow keys walk through the rows of a waterfall or a list; left and right close and open what is below a span.
document.addEventListener("keydown", e => {
  const here = e.target.closest?.(".span-name a, .row-link");
  if (!here || e.ctrlKey || e.metaKey || e.altKey) return;
  const branch = here.closest("summary")?.parentElement;
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (step) {
    const links = [...document.querySelectorAll(".span-name a, .row-link")].filter(link => link.checkVisibility());
    links[links.indexOf(here) + step]?.focus();
  } else if (e.key === "ArrowLeft" && branch?.open) branch.open = false;
  else if (e.key === "ArrowRight" && branch) branch.open = true;
  else return;
  e.preventDefault();
});

// A menu closes when something else is clicked, or with Escape.
document.addEventListener("click", e => { for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(e.target)) menu.open = false; });
document.addEventListener("keydown", e => {
  const menu = e.key === "Escape" && e.target.closest?.("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});
