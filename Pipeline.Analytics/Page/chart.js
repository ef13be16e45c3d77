// A line chart of the last minutes, drawn as SVG: axes with units, gaps where nothing is known, and a cursor for pointer and arrow keys.
// Colours, line widths and fonts are the style sheet's, so both colour schemes and a change between them need nothing here.

const spanSeconds = 300;
const margin = { top: 10, right: 10, bottom: 24 };                     // left depends on the labels
const characterWidth = 6.6;
const minTickWidth = 48;

export class LineChart {
  #box; #legend; #kind; #plot; #cursorMarks;
  #seconds = [];
  #series = [];
  #cursor;                                                              // a second, while somebody looks at one
  #geometry;

  // kind: names of the series, their unit (as text behind a number), and the scale of the y axis.
  constructor(box, legend, kind) {
    this.#box = box;
    this.#kind = kind;
    this.#legend = kind.series.map((name, index) => {
      const entry = legend.appendChild(document.createElement("span"));
      entry.className = `series-${index + 1}`;
      return entry;
    });
    box.innerHTML = `<svg aria-hidden="true"><g></g><g class="cursor"></g></svg>`;
    [this.#plot, this.#cursorMarks] = box.querySelectorAll("g");
    this.#listen();
    new ResizeObserver(() => this.#draw()).observe(box);
  }

  // Called with the second that somebody points at here, and with undefined when nobody does any more.
  onPoint = () => {};

  // One array of values a series, null where unknown; seconds are Unix time, ascending.
  show(seconds, series) {
    [this.#seconds, this.#series] = [seconds, series];
    this.#draw();
  }

  pointAt(second) {
    this.#cursor = second;
    this.#drawCursor();
  }

  #listen() {
    const box = this.#box;
    box.tabIndex = 0;
    box.setAttribute("role", "slider");                                 // left and right read the values aloud
    box.addEventListener("pointermove", event => this.onPoint(this.#secondAt(event.offsetX)));
    box.addEventListener("pointerleave", () => this.onPoint(undefined));
    box.addEventListener("blur", () => this.onPoint(undefined));
    box.addEventListener("keydown", event => {
      const last = this.#seconds.at(-1);
      const from = this.#cursor ?? last;
      const to = {
        ArrowLeft: from - 1, ArrowRight: from + 1, PageDown: from - 30, PageUp: from + 30, Home: last - spanSeconds, End: last, Escape: undefined,
      };
      if (!last || !(event.key in to)) return;
      event.preventDefault();
      this.onPoint(to[event.key] && this.#clamp(to[event.key]));
    });
  }

  #draw() {
    const [width, height] = [this.#box.clientWidth, this.#box.clientHeight];
    if (width === 0) return;
    const { scale, unit } = this.#kind;
    const known = this.#series.flat().filter(value => value !== null);
    const { low, high, ticks, at = value => value } = scale(known);
    const labels = ticks.map(tick => withUnit(tick, unit));
    const left = 12 + characterWidth * Math.max(...labels.map(label => label.length));
    const [right, bottom] = [width - margin.right, height - margin.bottom];
    const last = this.#seconds.at(-1) ?? 0;
    const x = second => right - (last - second) / spanSeconds * (right - left);
    const y = value => bottom - (at(value) - at(low)) / (at(high) - at(low)) * (bottom - margin.top);
    this.#geometry = { x, y, left, right, bottom, last };

    this.#plot.innerHTML = [
      ...ticks.map((tick, index) => `<path class="grid" d="M${left} ${y(tick)}H${right}"/>
        <text class="tick" x="${left - 8}" y="${y(tick)}" dy="0.35em" text-anchor="end">${labels[index]}</text>`),
      ...minutesBefore(last, (right - left) / spanSeconds).map(second => `<path class="grid" d="M${x(second)} ${margin.top}V${bottom}"/>
        <text class="tick" x="${x(second)}" y="${bottom + 17}" text-anchor="middle">${clock(second, { hour: "2-digit", minute: "2-digit" })}</text>`),
      ...this.#series.map((values, index) => `<path class="line series-${index + 1}" d="${lineOf(this.#seconds, values, x, y)}"/>`),
      known.length ? "" : `<text class="nothing" x="${(left + right) / 2}" y="${(margin.top + bottom) / 2}" text-anchor="middle">nothing stored in these minutes</text>`,
    ].join("");
    this.#drawCursor();
  }

  // The second that is pointed at, or else the latest, with its values in the legend.
  #drawCursor() {
    const { series, unit, digits } = this.#kind;
    const { x, y, bottom, right, left, last } = this.#geometry ?? {};
    const second = this.#cursor === undefined ? last : this.#clamp(this.#cursor);
    const place = this.#seconds.indexOf(second);
    const values = series.map((_, index) => this.#series[index]?.[place] ?? null);

    const texts = series.map((name, index) => `${name} ${values[index] === null ? "–" : withUnit(values[index], unit, digits)}`);
    texts.forEach((text, index) => { if (this.#legend[index].textContent !== text) this.#legend[index].textContent = text; });
    if (!second) return;

    const time = clock(second, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    for (const [name, value] of Object.entries({ valuemin: last - spanSeconds, valuemax: last, valuenow: second, valuetext: `${time}: ${texts.join(", ")}` })) {
      this.#box.setAttribute(`aria-${name}`, value);
    }
    this.#cursorMarks.innerHTML = this.#cursor === undefined ? "" : `<path d="M${x(second)} ${margin.top}V${bottom}"/>
      <text class="tick" x="${Math.min(Math.max(x(second), left + 28), right - 28)}" y="${bottom + 17}" text-anchor="middle">${time}</text>
      ${values.map((value, index) => value === null ? "" : `<circle class="series-${index + 1}" cx="${x(second)}" cy="${y(value)}" r="4"/>`).join("")}`;
  }

  #secondAt(offsetX) {
    const { left, right, last } = this.#geometry;
    return this.#clamp(Math.round(last - (right - offsetX) / (right - left) * spanSeconds));
  }

  #clamp(second) {
    const last = this.#seconds.at(-1);
    return Math.min(Math.max(second, last - spanSeconds, this.#seconds[0]), last);
  }
}

// From 0 to a round number above all values.
export function fromZero(values) {
  const most = 1.05 * Math.max(4, ...values);
  const step = roundStep(most / 4);
  const high = Math.ceil(most / step) * step;
  return { low: 0, high, ticks: steps(0, high, step) };
}

// From a round number below all values to 100.
export function toHundred(values) {
  const missing = Math.min(100, 101 - Math.min(91, ...values));
  const step = [5, 10, 25].find(size => missing / size <= 4);
  const low = 100 - step * Math.ceil(missing / step);
  return { low, high: 100, ticks: steps(low, 100, step) };
}

// From 1, each tenfold as high as the one before: where a p50 of 3 and a p99 of 3,000 are both to be read.
export function logarithmic(values) {
  const most = Math.max(10, ...values);
  const round = [1, 2, 5].flatMap(digit => [0, 1, 2, 3, 4, 5, 6, 7, 8].map(power => digit * 10 ** power)).sort((one, other) => one - other);
  const high = round.find(value => value >= most) ?? most;
  const upToHigh = round.filter(value => value <= high);
  return { low: 1, high, ticks: high <= 100 ? upToHigh : upToHigh.filter(value => Number.isInteger(Math.log10(value))), at: value => Math.log10(Math.max(1, value)) };
}

// A line through the known values; one that stands alone is a dot.
function lineOf(seconds, values, x, y) {
  let [path, before] = ["", undefined];
  seconds.forEach((second, index) => {
    if (values[index] === null) return;
    const point = `${x(second).toFixed(1)} ${y(values[index]).toFixed(1)}`;
    path += before === second - 1 ? `L${point}` : `M${point}h0`;
    before = second;
  });
  return path;
}

function minutesBefore(last, pixelsPerSecond) {
  const step = 60 * Math.ceil(minTickWidth / (60 * pixelsPerSecond));
  const first = Math.ceil((last - spanSeconds) / step) * step;
  return last === 0 ? [] : steps(first, last, step);
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map(digit => digit * power).find(step => step >= rough);
}

function steps(from, to, step) {
  return Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, index) => from + index * step);
}

function withUnit(value, unit, digits = 2) {
  return value.toLocaleString("en", { maximumFractionDigits: digits }) + unit;
}

function clock(second, parts) {
  return new Date(second * 1000).toLocaleTimeString([], { ...parts, hourCycle: "h23" });
}
