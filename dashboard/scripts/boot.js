import { comeBack, leave } from './away.js';
import { forget, keepTyped } from './drafts.js';

// Starts Blazor with patience: a restarted program has the page back within a second of its return.
const retry = { maxRetries: 100000, retryIntervalMilliseconds: attempt => (attempt < 20 ? 500 : 2000) };

document.getElementById('components-reconnect-modal')?.addEventListener('components-reconnect-state-changed', event => {
  const state = event.detail.state;
  if (state === 'hide') comeBack();
  else leave();
  // The program answers but knows this circuit no more: only a new page helps. What must survive is not in the circuit.
  if (state === 'rejected' || state === 'resume-failed') reload();
  if (state === 'failed') whenBack();
});

// A form of a page whose circuit is away would be sent by the browser itself, and what was typed be lost.
document.addEventListener('submit', event => {
  if (event.target.method !== 'post') event.preventDefault();
  // Whoever signs in next in this browser has not typed them.
  else if (event.target.id === 'sign-out') forget();
});

function reload() {
  keepTyped();
  location.reload();
}

async function whenBack() {
  for (;;) {
    // First of all a pause: where the answer itself is the fault, the page must not reload in a frenzy.
    await new Promise(done => setTimeout(done, 1000));
    try {
      await fetch('/health/live', { cache: 'no-store' });
      reload();
      return;
    } catch { /* not back yet */ }
  }
}

Blazor.start({ circuit: { reconnectionOptions: retry } }).catch(whenBack);
