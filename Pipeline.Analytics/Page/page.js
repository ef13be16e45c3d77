// Fetches the page again and swaps the sections that changed. A hidden tab asks nothing; a failure is shown and tried again.
const intervalMs = 2000;
const state = document.getElementById("state");

async function refresh() {
  const answer = await fetch("/", { cache: "no-store", signal: AbortSignal.timeout(10000) });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const section of document.querySelectorAll("section[id]")) {
    const fresh = page.getElementById(section.id);
    if (fresh && fresh.innerHTML !== section.innerHTML) section.innerHTML = fresh.innerHTML;
  }
}

async function tick() {
  if (!document.hidden) {
    try {
      await refresh();
      show("live", false);
    } catch {
      show("no answer from the store; these figures are old", true);
    }
  }
  setTimeout(tick, intervalMs);
}

function show(text, stale) {
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("stale", stale);
}

setTimeout(tick, intervalMs);
