// Starts Blazor with patience: a restarted program has the page back within a second of its return.
const retry = { maxRetries: 100000, retryIntervalMilliseconds: attempt => (attempt < 20 ? 500 : 2000) };

document.getElementById('components-reconnect-modal')?.addEventListener('components-reconnect-state-changed', event => {
  // The program answers but knows this circuit no more: only a new page helps. What must survive is not in the circuit.
  if (event.detail.state === 'rejected' || event.detail.state === 'resume-failed') location.reload();
  if (event.detail.state === 'failed') whenBack();
});

// A form of a page whose circuit is away would be sent by the browser itself, and what was typed be lost.
document.addEventListener('submit', event => { if (event.target.method !== 'post') event.preventDefault(); });

async function whenBack() {
  for (;;) {
    // First of all a pause: where the answer itself is the fault, the page must not reload in a frenzy.
    await new Promise(done => setTimeout(done, 1000));
    try {
      await fetch('/health/live', { cache: 'no-store' });
      return location.reload();
    } catch { /* not back yet */ }
  }
}

Blazor.start({ circuit: { reconnectionOptions: retry } }).catch(whenBack);
