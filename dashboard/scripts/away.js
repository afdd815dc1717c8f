// While the circuit is away nothing on the page can be done: its buttons are inert, and what was typed waits for its return.
const root = document.documentElement;
const held = new Map();

export const isAway = () => root.classList.contains('is-away');

/** The circuit is lost. Nothing is rendered until it is back, so what is marked now is all there is. */
export function leave() {
  if (isAway()) return;
  root.classList.add('is-away');
  // A button with a form of its own (sign-out) goes without the circuit.
  for (const one of document.querySelectorAll('button:not([form]), .mud-menu-item, select')) one.inert = true;
  dispatchEvent(new Event('wings-away'));
}

/** The same circuit is back, and hears now what was changed meanwhile. */
export function comeBack() {
  if (!isAway()) return;
  root.classList.remove('is-away');
  for (const one of document.querySelectorAll('[inert]')) one.inert = false;
  for (const [target, type] of held.values()) if (target.isConnected) target.dispatchEvent(new Event(type, { bubbles: true }));
  held.clear();
  dispatchEvent(new Event('wings-back'));
}

// Before Blazor: it would send these into nothing. The command box has no use for it and listens by itself.
for (const type of ['change', 'input']) {
  addEventListener(type, event => {
    if (!isAway() || event.target.id === 'command') return;
    event.stopImmediatePropagation();
    held.set(`${type} ${event.target.id || held.size}`, [event.target, type]);
  }, true);
}
