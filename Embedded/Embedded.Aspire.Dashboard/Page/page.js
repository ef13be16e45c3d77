"use strict";
// Everything is put into the page as text nodes: nothing that a resource says can become markup.
const byId = id => document.getElementById(id);
const rows = byId("resources"), log = byId("log"), follow = byId("follow");
const maxLines = 10000;
let chosen = null, logs = null;

function element(tag, className, text) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
}

function colour(r) {
  if (r.style === "error" || r.state === "FailedToStart" || (r.exitCode ?? 0) !== 0) return "bad";
  if (r.state === "Running" || r.state === "Active") return r.health === "Healthy" ? "good" : "warn";
  return r.style === "warning" || r.state === "Waiting" || r.state === "Starting" || r.state === "Stopping" ? "warn" : "quiet";
}

function stateText(r) {
  if (r.state === "Running" && r.health && r.health !== "Healthy") return `Running (${r.health.toLowerCase()})`;
  return r.exitCode !== null && r.state !== "Running" ? `${r.state} (exit code ${r.exitCode})` : r.state;
}

function link(u) {
  const isWeb = /^https?:\/\//.test(u.url);
  const e = element(isWeb ? "a" : "span", isWeb ? "" : "address", u.text || u.url);
  if (isWeb) { e.href = u.url; e.target = "_blank"; e.rel = "noopener noreferrer"; }
  return e;
}

async function command(button, id, name) {
  button.disabled = true;
  const answer = await fetch(`api/commands/${encodeURIComponent(id)}/${name}`, { method: "POST" }).catch(() => null);
  if (!answer?.ok) byId("summary").textContent = answer ? await answer.text() : "The AppHost does not answer.";
  button.disabled = false;
}

function row(r, replicas) {
  const tr = element("tr", r.name === chosen ? "chosen" : "");
  const name = element("td"), button = element("button", "name", r.name);
  button.type = "button";
  button.onclick = () => show(r.name);
  name.append(button, element("span", "kind", r.type));
  if (replicas > 1) name.append(element("span", "id", r.id));

  const state = element("td"), word = element("span", `state ${colour(r)}`, stateText(r));
  state.append(word);
  for (const p of r.problems) if (p) state.append(element("span", "note", p));

  const started = element("td", "", r.started ? new Date(r.started).toLocaleTimeString() : "–");
  if (r.restarts) started.append(element("span", "note", `${r.restarts} restart${r.restarts > 1 ? "s" : ""}`));

  const urls = element("td");
  if (r.urls.length) urls.append(...r.urls.map(link)); else urls.textContent = "–";

  const commands = element("td"), box = element("div", "commands");
  if (r.commands) {
    const isUp = r.state === "Running" || r.state === "Starting" || r.state === "Restarting";
    for (const [text, enabled] of [["Start", !isUp && r.state !== "Stopping"], ["Stop", isUp || r.state === "Waiting"], ["Restart", isUp]]) {
      const b = element("button", "", text);
      b.type = "button";
      b.disabled = !enabled;
      b.setAttribute("aria-label", `${text} ${r.id}`);
      b.onclick = () => command(b, r.id, text.toLowerCase());
      box.append(b);
    }
  }
  commands.append(box);
  tr.append(name, state, started, urls, commands);
  return tr;
}

function render(data) {
  const focused = document.activeElement?.getAttribute?.("aria-label");
  document.title = `${data.application}: resources`;
  byId("application").textContent = data.application;
  const counts = {};
  for (const r of data.resources) counts[r.name] = (counts[r.name] ?? 0) + 1;
  rows.replaceChildren(...data.resources.map(r => row(r, counts[r.name])));
  byId("empty").hidden = data.resources.length > 0;
  const up = data.resources.filter(r => colour(r) === "good").length;
  byId("summary").textContent = `${up} of ${data.resources.length} ready`;
  if (focused) rows.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  const fromUrl = decodeURIComponent(location.hash.slice(1));
  if (chosen === null && counts[fromUrl]) show(fromUrl);
}

function append(lines) {
  for (const l of lines) {
    const at = l.text.indexOf(" "), div = element("div", l.error ? "bad" : "");
    const time = element("time", "", new Date(l.text.slice(0, at)).toLocaleTimeString());
    // Colours of terminals are left out; the text is what counts.
    div.append(time, l.text.slice(at + 1).replace(/\u001b\[[0-9;]*[A-Za-z]/g, ""));
    log.append(div);
  }
  while (log.childElementCount > maxLines) log.firstChild.remove();
  if (follow.checked) log.scrollTop = log.scrollHeight;
}

function show(name) {
  chosen = name;
  location.hash = encodeURIComponent(name);
  byId("logname").textContent = name;
  for (const tr of rows.children) tr.classList.toggle("chosen", tr.querySelector(".name").textContent === name);
  logs?.close();
  logs = new EventSource(`api/logs/${encodeURIComponent(name)}`);
  logs.onopen = () => log.replaceChildren();
  logs.onmessage = e => append(JSON.parse(e.data));
}

byId("clear").onclick = () => log.replaceChildren();
const resources = new EventSource("api/resources");
resources.onmessage = e => render(JSON.parse(e.data));
resources.onerror = () => { byId("summary").textContent = "The AppHost does not answer; trying again…"; };
