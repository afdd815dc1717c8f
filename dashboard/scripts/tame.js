// The finals of sequences that the terminal does as often as they say, one after the other: ESC [ 999999999 S would hold the page for hours,
// and again at each load.
const repeated = ['I', 'L', 'M', 'S', 'T', 'Z', 'b'];
// More than any screen has lines or columns.
const mostTimes = 1_000;
// The mouse of who looks scrolls and selects; a game that asked for it, and was killed, would have kept it.
const mouse = new Set([9, 1000, 1002, 1003]);

/** Keeps what a game prints from taking the page or its mouse: such a sequence is passed over. */
export function tame(terminal) {
  for (const final of repeated) terminal.parser.registerCsiHandler({ final }, ([times]) => times > mostTimes);
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, modes => modes.some(mode => mouse.has(mode)));
}
