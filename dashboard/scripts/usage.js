import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
function bytes(value) {
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1024;
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

const formats = { percent: value => `${+value.toFixed(1)} %`, bytes, rate: value => `${bytes(value)}/s` };
const nothing = value => (value === null || Number.isNaN(value) ? null : value);
const clock = uPlot.fmtDate('{HH}:{mm}:{ss}');
const shortClock = uPlot.fmtDate('{HH}:{mm}');

// Powers of two, so that the axis says 512 MiB and not 476.8.
const byteSteps = Array.from({ length: 50 }, (_, i) => 2 ** i);

function options(chart, width, height) {
  const css = getComputedStyle(document.documentElement);
  const color = name => css.getPropertyValue(name).trim();
  const format = formats[chart.format];
  const axis = { stroke: color('--chart-text'), grid: { stroke: color('--chart-grid'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
  return {
    width, height, padding: [8, 18, 0, 0], legend: { show: false },
    cursor: { points: { size: 6 }, drag: { x: false, y: false }, sync: { key: 'wings-usage' } },
    scales: { x: { time: true }, y: { range: (_, min, max) => [0, Math.max((max ?? 0) * 1.15, chart.floor)] } },
    axes: [
      { ...axis, size: 24, space: 64, values: (_, times) => times.map(time => shortClock(new Date(time * 1000))) },
      { ...axis, size: 68, space: 28, incrs: chart.format === 'percent' ? undefined : byteSteps, values: (_, all) => all.map(format) },
    ],
    series: [{}, ...chart.series.map(one => ({
      label: one.label, stroke: color(one.color), width: 1.5, dash: one.isDashed ? [5, 4] : undefined, points: { show: false },
      fill: one.isFilled ? `${color(one.color)}22` : undefined, spanGaps: false,
    }))],
    hooks: {
      setCursor: [plot => {
        const at = plot.cursor.idx;
        const tip = plot.root.closest('figure')?.querySelector('.tip');
        if (!tip) return;
        tip.textContent = at == null || plot.data[0][at] == null ? '' : [clock(new Date(plot.data[0][at] * 1000)),
          ...chart.series.map((one, i) => (plot.data[i + 1][at] == null ? null : `${one.label} ${format(plot.data[i + 1][at])}`))].filter(Boolean).join(' · ');
      }],
    },
  };
}

/** Draws charts of one server side by side; each point is [seconds, one value per series of all charts in order]. */
export function create(elements, charts, span) {
  const columns = charts.map(chart => [[], ...chart.series.map(() => [])]);
  let plots = [];

  // A chart without any value would have no time axis: two holes give it one.
  const shown = column => {
    if (column[0].length > 0) return column;
    const now = Date.now() / 1000;
    return [[now - span, now], ...column.slice(1).map(() => [null, null])];
  };

  function draw() {
    plots.forEach(plot => plot.destroy());
    plots = charts.map((chart, i) => new uPlot(options(chart, Math.max(elements[i].clientWidth, 120), elements[i].clientHeight || 120), shown(columns[i]), elements[i]));
  }

  function add(points) {
    for (const [time, ...values] of points) {
      let at = 0;
      columns.forEach(column => {
        column[0].push(time);
        for (let i = 1; i < column.length; i++) column[i].push(nothing(values[at++]));
      });
    }
    for (const column of columns) {
      const last = column[0][column[0].length - 1];
      let old = 0;
      while (old < column[0].length && column[0][old] < last - span) old++;
      if (old > 0) column.forEach(values => values.splice(0, old));
    }
    const last = columns[0][0][columns[0][0].length - 1];
    plots.forEach((plot, i) => {
      plot.batch(() => {
        plot.setData(shown(columns[i]), true);
        if (last !== undefined) plot.setScale('x', { min: last - span, max: last });
      });
    });
  }

  draw();
  const resize = new ResizeObserver(() => plots.forEach((plot, i) => {
    if (elements[i].clientWidth > 0) plot.setSize({ width: elements[i].clientWidth, height: elements[i].clientHeight || 120 });
  }));
  elements.forEach(element => resize.observe(element));
  const onTheme = () => { draw(); add([]); };
  addEventListener('wings-theme', onTheme);

  return {
    add,
    dispose() {
      removeEventListener('wings-theme', onTheme);
      resize.disconnect();
      plots.forEach(plot => plot.destroy());
    },
  };
}
