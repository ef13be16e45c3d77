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
  source.addEventListener(topic, () => { document.body.classList.remove("lost"); htmx.trigger(document.body, `live:${topic}`); });
  source.onerror = () => {
    document.body.classList.add("lost");
    if (source.readyState === EventSource.CLOSED) { source = null; setTimeout(listen, 2000); }
  };
}
function hush() { source?.close(); source = null; }
document.addEventListener("visibilitychange", () => document.hidden ? hush() : listen());
window.addEventListener("pagehide", hush);
window.addEventListener("pageshow", listen);

// An address says what was chosen and nothing else.
document.addEventListener("htmx:configRequest", e => {
  if (e.detail.verb !== "get") return;
  for (const [name, value] of [...e.detail.parameters.entries()]) if (value === "") e.detail.parameters.delete(name);
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
