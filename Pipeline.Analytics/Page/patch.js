// Makes the content of an element what some markup says, changing only what differs: focus, scroll position, selection, opened
// details and loaded pictures stay. Children with a data-key are found again by it, the others by their place.

export function patch(element, markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  patchChildren(element, template.content);
}

function patchChildren(parent, wanted) {
  const wantedKeys = new Set([...wanted.children].map(keyOf));
  // What goes, goes first: then what stays need not be moved, and keeps its focus.
  for (const child of [...parent.children]) if (keyOf(child) && !wantedKeys.has(keyOf(child))) child.remove();
  const byKey = new Map([...parent.children].map(child => [keyOf(child), child]));

  let shown = parent.firstChild;
  for (const fresh of [...wanted.childNodes]) {
    const kept = keyOf(fresh) && byKey.get(keyOf(fresh));
    while (kept && shown && !keyOf(shown)) shown = removed(shown);         // white space of what went
    if (shown && isSame(shown, fresh)) {
      patchNode(shown, fresh);
      shown = shown.nextSibling;
      continue;
    }
    if (kept) patchNode(kept, fresh);
    parent.insertBefore(kept || fresh, shown);
  }
  while (shown) shown = removed(shown);
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function patchNode(shown, fresh) {
  if (shown.nodeType !== Node.ELEMENT_NODE) {
    if (shown.data !== fresh.data) shown.data = fresh.data;
    return;
  }
  for (const { name } of [...shown.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") shown.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
  patchChildren(shown, fresh);
}

const keyOf = node => node.dataset?.key;
const isSame = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
