// The text belongs to the browser: no answer of the server can overwrite what is being typed. The server decides on
// history and refusals.
export function attachCommandBox(input, reference, key, draftKey) {
  let queue = Promise.resolve();
  // Sent, and not answered yet.
  const unanswered = new Set();

  const isAway = () => document.documentElement.classList.contains('is-away');
  const set = text => { input.value = text; keep(); grow(); input.setSelectionRange(text.length, text.length); };
  // Of this tab: when the program comes back as another one the page is loaded anew.
  const keep = () => { try { sessionStorage.setItem(draftKey, input.value); } catch { /* full or private */ } };
  const grow = () => { input.style.height = 'auto'; input.style.height = `${input.scrollHeight}px`; };

  async function send(sent) {
    const text = sent.text;
    const answer = await reference.invokeMethodAsync('SendCommandAsync', text);
    if (answer.history) {
      try { localStorage.setItem(key, JSON.stringify(answer.history)); } catch { /* full or private */ }
    }
    // Refused: it goes back into the box, unless something else was typed meanwhile; the history has it anyway.
    if (!answer.isAccepted && input.value === '') set(text);
    // Put back because the answer was late, and untouched since.
    if (answer.isAccepted && sent.isBack && input.value === text) set('');
  }

  function submit() {
    // What is sent now would be gone; the note below the box says that it waits.
    if (isAway()) return;
    const text = input.value;
    set('');
    const sent = { text };
    unanswered.add(sent);
    queue = queue.then(() => send(sent)).catch(() => { if (input.value === '') set(text); }).finally(() => unanswered.delete(sent));
  }

  // No answer comes any more. Whether it was done is not known: a person sees it again and decides.
  function onAway() {
    if (unanswered.size > 0 && input.value === '') set([...unanswered].map(sent => sent.text).join('\n'));
    for (const sent of unanswered) sent.isBack = true;
    unanswered.clear();
    queue = Promise.resolve();
  }

  async function recall(method) {
    if (isAway()) return;
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
  const onInput = () => { keep(); grow(); };
  input.addEventListener('input', onInput);
  addEventListener('wings-away', onAway);
  input.form.addEventListener('submit', onSubmit);
  try {
    const draft = sessionStorage.getItem(draftKey);
    if (draft && input.value === '') set(draft);
  } catch { /* private */ }
  // Enter before this moment is only a line break: whoever types by program waits for it.
  input.dataset.interactive = 'true';
  return {
    dispose() {
      input.removeEventListener('keydown', onKey);
      input.removeEventListener('input', onInput);
      removeEventListener('wings-away', onAway);
      input.form?.removeEventListener('submit', onSubmit);
    },
  };
}
