// What is typed into a form and not sent yet, for this tab only: a page that is loaded anew has it back. The server says
// what the form is (rows and choices); the browser adds what a field had in it that the server had not heard of.
const store = sessionStorageOrNone();

function sessionStorageOrNone() {
  try { return sessionStorage; } catch { return null; }
}

const fields = () => [...document.querySelectorAll('form[data-draft] :is(input:not([type=checkbox]), textarea)')];
const form = () => document.querySelector('form[data-draft]');
const labelOf = field => field.labels?.[0]?.textContent ?? '';

/** Called before the page is loaded anew: the texts as they stand in the fields. */
export function keepTyped() {
  if (!form()) return;
  try { store?.setItem(`${form().dataset.draft}.typed`, JSON.stringify(fields().map(one => [labelOf(one), one.value]))); } catch { /* full */ }
}

/** All drafts of this tab, and the commands that were sent from this browser: passwords may be among them. */
export function forget() {
  for (const key of Object.keys(store ?? {})) if (key.startsWith('wings.draft.')) store.removeItem(key);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('wings.commands.')) localStorage.removeItem(key);
  } catch { /* private window: nothing is kept there */ }
}

export const drafts = {
  save(key, draft) { try { store?.setItem(key, draft); } catch { /* full: there is none then */ } },
  read: key => store?.getItem(key) ?? null,
  clear(key) { store?.removeItem(key); store?.removeItem(`${key}.typed`); },

  /** Puts the texts of before into the fields, where they differ; true when one did. */
  replay(key) {
    const text = store?.getItem(`${key}.typed`);
    store?.removeItem(`${key}.typed`);
    const typed = JSON.parse(text ?? '[]');
    const now = fields();
    let any = false;
    for (let i = 0; i < Math.min(now.length, typed.length); i++) {
      // Rows that the server had not heard of are not there: from the first field that is another one on, nothing fits.
      if (labelOf(now[i]) !== typed[i][0]) break;
      if (now[i].value === typed[i][1]) continue;
      any = true;
      now[i].value = typed[i][1];
      now[i].dispatchEvent(new Event('change', { bubbles: true }));
    }
    return any;
  },
};
