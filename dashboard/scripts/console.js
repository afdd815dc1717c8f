import { Terminal } from '@xterm/xterm';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import '@xterm/xterm/css/xterm.css';
import { attachCommandBox } from './command-box.js';
import { copyText } from './copy.js';
import { tame } from './tame.js';

const theme = {
  background: '#0b0e14', foreground: '#d5dae3', cursor: '#0b0e14', selectionBackground: '#2f4a8a',
  black: '#1b212b', red: '#ff7a7f', green: '#5fd08f', yellow: '#e6c05a', blue: '#82a6ff', magenta: '#d38cf0', cyan: '#5cc8d6', white: '#d5dae3',
  brightBlack: '#7e8896', brightRed: '#ff9ea2', brightGreen: '#86e3ab', brightYellow: '#f2d584', brightBlue: '#a9c1ff',
  brightMagenta: '#e4b4f7', brightCyan: '#8fdde7', brightWhite: '#ffffff',
};
const decorations = { matchBackground: '#5c4a12', activeMatchBackground: '#b58a14', matchOverviewRuler: '#b58a14', activeMatchColorOverviewRuler: '#e6ac4d' };

const openLink = (event, uri) => { if (/^https?:/i.test(uri)) window.open(uri, '_blank', 'noopener,noreferrer'); };

/** Makes the terminal of one server in an element; what it returns is called by ServerConsole. */
export function create(element, server, scrollback, reference) {
  const key = `wings.console.${server}`;
  const terminal = new Terminal({
    theme, scrollback, disableStdin: true, screenReaderMode: true, minimumContrastRatio: 4.5, allowProposedApi: true,
    fontFamily: 'ui-monospace, "JetBrains Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
    fontSize: innerWidth < 600 ? 11 : 13, lineHeight: 1.15, cursorInactiveStyle: 'none', linkHandler: { activate: openLink },
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new WebLinksAddon(openLink));
  tame(terminal);
  terminal.open(element);
  terminal.textarea?.setAttribute('aria-label', 'Console output');

  // The terminal only shows: keys belong to the browser, and letters to the command box.
  terminal.attachCustomKeyEventHandler(event => {
    if (event.type !== 'keydown') return false;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key === 'f') { event.preventDefault(); reference.invokeMethodAsync('OpenSearchAsync'); return false; }
    if (isCommand && event.key === 'c' && terminal.hasSelection()) return false;
    if (event.shiftKey && (event.key === 'PageUp' || event.key === 'PageDown')) return true;
    if (event.key.length === 1 && !isCommand && !event.altKey) document.getElementById('command')?.focus();
    return false;
  });

  // A hidden element measures zero: fitted then, the text would wrap to two columns.
  const resize = new ResizeObserver(() => { if (element.clientWidth > 0 && element.clientHeight > 0) fit.fit(); });
  resize.observe(element);

  let written = 0;
  // xterm's own decoder passes over bytes that are no UTF-8; here each shows as U+FFFD, as everywhere else.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let box = null;

  const lines = () => {
    const buffer = terminal.buffer.active;
    const all = [];
    for (let i = 0; i < buffer.length; i++) {
      const line = buffer.getLine(i);
      const text = line.translateToString(true);
      if (line.isWrapped && all.length > 0) all[all.length - 1] += text;
      else all.push(text);
    }
    while (all.length > 0 && all[all.length - 1] === '') all.pop();
    return all;
  };

  const handle = {
    /** Resolves when the terminal has taken the bytes: that is the back-pressure. A chunk that came before is passed over. */
    write(bytes, number, run, sequence, first) {
      if (number <= written) return Promise.resolve();
      return new Promise(resolve => terminal.write(decoder.decode(bytes, { stream: true }), () => {
        written = number;
        element.dataset.run = run;
        element.dataset.sequence = sequence;
        try { sessionStorage.setItem(key, first); } catch { /* full or private: a reload begins near the newest */ }
        resolve();
      }));
    },
    lines,
    find(text, isBackwards) {
      if (!text) { search.clearDecorations(); return false; }
      return isBackwards ? search.findPrevious(text, { decorations }) : search.findNext(text, { decorations, incremental: false });
    },
    closeSearch() { search.clearDecorations(); terminal.clearSelection(); },
    focusSearch(input) { input.focus(); input.select(); },
    scrollToEnd() { terminal.scrollToBottom(); },
    copy: () => copyText(terminal.hasSelection() ? terminal.getSelection() : lines().join('\n')),
    attachCommandBox(input) { box = attachCommandBox(input, reference, `wings.commands.${server}`, `wings.draft.command.${server}`); },
    dispose() {
      resize.disconnect();
      box?.dispose();
      terminal.dispose();
      if (window.orleansWings?.console === handle) delete window.orleansWings.console;
    },
  };
  window.orleansWings = Object.assign(window.orleansWings ?? {}, { console: handle });
  return handle;
}

/** The first record that this tab last showed of a server, as "run:sequence"; null when it showed none. */
export function firstShown(server) {
  try { return sessionStorage.getItem(`wings.console.${server}`); } catch { return null; }
}

/** The commands sent to a server from this browser, oldest first. */
export function commands(server) {
  try {
    const all = JSON.parse(localStorage.getItem(`wings.commands.${server}`) ?? '[]');
    return Array.isArray(all) ? all.filter(one => typeof one === 'string') : [];
  } catch { return []; }
}
