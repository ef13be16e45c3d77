// The little that pages need beyond htmx: liveness, shortcuts, theme, and small comforts. No page has a script of its own in its markup.
"use strict";

// Morphing leaves alone what the visitor is doing: the field being typed in, what was opened, what was revealed.
if (window.Idiomorph) {
  Idiomorph.defaults.ignoreActiveValue = true;
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => !(name === "open" && node.tagName === "DETAILS") && name !== "data-revealed";
}

// Liveness. The page's live part names a topic; each change of it becomes an event that htmx hears. A hidden page lets go of its
// connection, because a browser has only six for a site.
let source = null;
function listen() {
  const topic = document.getElementById("live")?.dataset.topic;
  if (!topic || document.hidden || source) return;
  source = new EventSource(`/live?topic=${encodeURIComponent(topic)}`);
  source.addEventListener(topic, () => { document.body.classList.remove("lost"); tell(topic); });
  source.onerror = () => {
    document.body.classList.add("lost");
    if (source.readyState === EventSource.CLOSED) { source = null; setTimeout(listen, 2000); }
  };
}
// One request at a time: a change that comes meanwhile is told after it, when the address is settled. What a visitor chooses does
// not wait, and makes the answers to earlier requests stale: they are not shown.
let asking = 0;
let missed = null;
let lastRequest = 0;
let lastChoice = 0;
const requests = new WeakMap();
function tell(topic) {
  if (asking > 0) missed = topic;
  else htmx.trigger(document.body, `live:${topic}`);
}
document.addEventListener("htmx:beforeSend", e => {
  asking++;
  requests.set(e.detail.xhr, ++lastRequest);
  if (e.target.id !== "live") lastChoice = lastRequest;
});
document.addEventListener("htmx:beforeSwap", e => {
  if (requests.get(e.detail.xhr) < lastChoice) {
    e.detail.shouldSwap = false;
    missed = document.getElementById("live")?.dataset.topic;
  }
});
document.addEventListener("htmx:afterRequest", () => {
  asking = Math.max(0, asking - 1);
  if (asking > 0 || !missed) return;
  const topic = missed;
  missed = null;
  tell(topic);
});
function hush() { source?.close(); source = null; }
document.addEventListener("visibilitychange", () => document.hidden ? hush() : listen());
window.addEventListener("pagehide", hush);
window.addEventListener("pageshow", listen);

// An address says what was chosen and nothing else.
document.addEventListener("htmx:configRequest", e => {
  if (e.detail.verb !== "get") return;
  const parameters = e.detail.parameters;
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name).filter(value => value !== "");
    parameters.delete(name);
    for (const value of values) parameters.append(name, value);
  }
});

// Theme: system, light or dark, kept in this browser.
const themes = ["system", "light", "dark"];
document.addEventListener("click", e => {
  if (e.target.closest("#theme")) {
    const theme = themes[(themes.indexOf(localStorage.getItem("theme") ?? "system") + 1) % themes.length];
    localStorage.setItem("theme", theme);
    showTheme(theme);
    toast(`Theme: ${theme}`);
  }
  if (e.target.closest("#help")) document.getElementById("shortcuts").showModal();
});

// Shortcuts are the navigation's own keys.
document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, textarea, dialog[open]")) return;
  if (e.key === "?") document.getElementById("shortcuts").showModal();
  else if (e.key === "/") { e.preventDefault(); document.querySelector("input[type=search]")?.focus(); }
  else if (e.key === "Escape") document.querySelector("[data-close]")?.click();
  else document.querySelector(`nav a[data-key="${CSS.escape(e.key)}"]`)?.click();
});

function toast(text, failed) {
  const box = document.createElement("div");
  box.className = failed ? "toast bad" : "toast";
  box.textContent = text;
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), failed ? 8000 : 3000);
}

// What a command said.
document.addEventListener("toast", e => toast(e.detail.text, e.detail.failed));
document.addEventListener("htmx:sendError", e => { if (e.detail.requestConfig.verb !== "get") toast("The dashboard does not answer.", true); });
document.addEventListener("htmx:responseError", e => { if (e.detail.xhr.status === 401) location.reload(); });

// Commands that ask first.
document.addEventListener("htmx:confirm", e => {
  if (!e.detail.question) return;
  e.preventDefault();
  const dialog = document.getElementById("confirm");
  dialog.querySelector("p").textContent = e.detail.question;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") e.detail.issueRequest(true); }, { once: true });
  dialog.showModal();
});

// Hidden values, and copies of them.
document.addEventListener("click", e => {
  const reveal = e.target.closest("[data-reveal]");
  if (reveal) reveal.closest("[data-secret]").toggleAttribute("data-revealed");
  const all = e.target.closest("[data-reveal-all]");
  if (all) {
    const values = [...document.querySelectorAll(`${all.dataset.revealAll} [data-secret]`)];
    const show = values.some(v => !v.hasAttribute("data-revealed"));
    for (const value of values) value.toggleAttribute("data-revealed", show);
  }
  const copy = e.target.closest("[data-copy]");
  if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => toast("Copied."), () => toast("The browser does not let this page copy.", true));
  // A menu closes when something else is clicked.
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(e.target) || e.target.closest("button")) menu.open = false;
});

// Moments in the reader's own time.
const localTime = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
function localise() { for (const time of document.querySelectorAll("time[data-local]")) time.textContent = localTime.format(new Date(time.dateTime)); }
localise();
document.addEventListener("htmx:afterSwap", localise);

// Console logs: lines come as markup, the newest 5,000 stay, and the view follows the end while it is at the end.
const consoleLog = document.getElementById("console");
if (consoleLog) {
  const maxLines = 5000;
  const resource = consoleLog.dataset.resource;
  const clearedKey = `cleared ${resource}`;
  const query = new URLSearchParams(location.search);
  const tool = name => document.querySelector(`[data-console=${name}]`);
  const precise = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
  let stream = null;

  const stamp = time => { time.textContent = query.get("time") === "utc" ? time.dateTime.slice(11, 23) + "Z" : precise.format(new Date(time.dateTime)); time.title = time.dateTime; };
  const apply = () => {
    tool("time").value = query.get("time") ?? "";
    tool("wrap").setAttribute("aria-pressed", query.get("wrap") === "true");
    consoleLog.classList.toggle("wrap", query.get("wrap") === "true");
    consoleLog.classList.toggle("no-times", query.get("time") === "off");
    for (const time of consoleLog.querySelectorAll("time")) stamp(time);
  };
  const set = (name, value) => {
    if (value) query.set(name, value); else query.delete(name);
    history.replaceState(null, "", location.pathname + (query.size ? `?${query}` : ""));
    apply();
  };
  const isAtEnd = () => consoleLog.scrollHeight - consoleLog.scrollTop - consoleLog.clientHeight < 40;
  const open = () => {
    const ask = new URLSearchParams();
    if (resource) ask.set("resource", resource);
    if (sessionStorage.getItem(clearedKey)) ask.set("after", sessionStorage.getItem(clearedKey));
    stream = new EventSource(`/consolelogs/live?${ask}`);
    stream.onopen = () => { document.body.classList.remove("lost"); consoleLog.replaceChildren(); };     // what was missed comes with the rest
    stream.onerror = () => document.body.classList.add("lost");
    stream.onmessage = e => {
      const follow = isAtEnd();
      const lines = document.createRange().createContextualFragment(e.data);
      for (const time of lines.querySelectorAll("time")) stamp(time);
      consoleLog.append(lines);
      while (consoleLog.childElementCount > maxLines) consoleLog.firstElementChild.remove();
      if (follow) consoleLog.scrollTop = consoleLog.scrollHeight;
    };
  };
  tool("time").addEventListener("change", e => set("time", e.target.value));
  tool("wrap").addEventListener("click", () => set("wrap", query.get("wrap") === "true" ? "" : "true"));
  tool("clear").addEventListener("click", () => { sessionStorage.setItem(clearedKey, new Date().toISOString()); consoleLog.replaceChildren(); });
  tool("pause").addEventListener("click", () => {
    if (stream) { stream.close(); stream = null; } else open();
    tool("pause").setAttribute("aria-pressed", stream === null);
  });
  document.querySelector("[data-go]").addEventListener("change", e => {
    location.href = (e.target.value ? e.target.dataset.go + encodeURIComponent(e.target.value) : e.target.dataset.goAll) + location.search;
  });
  apply();
  open();
}
