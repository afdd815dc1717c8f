import { copyText } from './copy.js';
import { drafts } from './drafts.js';

// In the head and not deferred: the ground has its colour before anything is painted.
const key = 'wings.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function choice() {
  try { return localStorage.getItem(key) ?? 'system'; } catch { return 'system'; }
}

const isDark = () => choice() === 'dark' || (choice() === 'system' && system.matches);

function apply() {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  document.documentElement.style.colorScheme = isDark() ? 'dark' : 'light';
  dispatchEvent(new CustomEvent('wings-theme'));
}

let listener = null;
function set(value) {
  try { localStorage.setItem(key, value); } catch { /* private window: for this page only */ }
  apply();
  return isDark();
}

system.addEventListener('change', () => {
  apply();
  listener?.invokeMethodAsync('OnThemeChangedAsync', isDark());
});
apply();

window.orleansWings = Object.assign(window.orleansWings ?? {}, {
  timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
  copy: copyText,
  drafts,
  theme: { choice, isDark, set, listen: reference => { listener = reference; }, unlisten: () => { listener = null; } },
});
