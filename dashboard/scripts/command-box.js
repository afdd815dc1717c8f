// The text belongs to the browser: no answer of the server can overwrite what is being typed. The server decides on
// history and refusals.
export function attachCommandBox(input, reference, key) {
  let queue = Promise.resolve();

  const set = text => { input.value = text; grow(); input.setSelectionRange(text.length, text.length); };
  const grow = () => { input.style.height = 'auto'; input.style.height = `${input.scrollHeight}px`; };

  async function send(text) {
    const answer = await reference.invokeMethodAsync('SendCommandAsync', text);
    if (answer.history) {
      try { localStorage.setItem(key, JSON.stringify(answer.history)); } catch { /* full or private */ }
    }
    // Refused: it goes back into the box, unless something else was typed meanwhile; the history has it anyway.
    if (!answer.isAccepted && input.value === '') set(text);
  }

  function submit() {
    const text = input.value;
    set('');
    queue = queue.then(() => send(text)).catch(() => { if (input.value === '') set(text); });
  }

  async function recall(method) {
    const text = await reference.invokeMethodAsync(method, input.value);
    if (text !== null) set(text);
  }

  function onKey(event) {
    if (event.isComposing) return;
    const isOneLine = !input.value.includes('\n');
    if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); submit(); }
    else if (event.key === 'ArrowUp' && isOneLine) { event.preventDefault(); recall('OlderCommand'); }
    else if (event.key === 'ArrowDown' && isOneLine) { event.preventDefault(); recall('NewerCommand'); }
  }

  const onSubmit = event => { event.preventDefault(); submit(); input.focus(); };
  input.addEventListener('keydown', onKey);
  input.addEventListener('input', grow);
  input.form.addEventListener('submit', onSubmit);
  // Enter before this moment is only a line break: whoever types by program waits for it.
  input.dataset.interactive = 'true';
  return {
    dispose() {
      input.removeEventListener('keydown', onKey);
      input.removeEventListener('input', grow);
      input.form?.removeEventListener('submit', onSubmit);
    },
  };
}
