import { drawing, element, label, linePath } from './svg.js';

/** One axis: the values at its ends, what it is of, and where it is marked. */
export interface Axis {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** A line with an interval at each point where there is one. */
export interface Series {
  readonly name: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low?: number;
    readonly high?: number;
  }[];
  /** `line`: a line alone; `band`: a line with dots in a band of intervals; `bars`: dots with bars of intervals. */
  readonly as: 'line' | 'band' | 'bars';
  /** Between points further apart than this, no line is drawn. */
  readonly maxStep?: number;
}

/** A chart of lines over two axes. */
interface LineChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** A straight line to hold the others against, by its ends. */
  readonly reference?: readonly [readonly [number, number], readonly [number, number]];
  /** One point that stands out, with its name. */
  readonly mark?: { readonly x: number; readonly y: number; readonly name: string };
}

const WIDTH = 400;
const PLOT = { left: 56, right: 388, height: 208 };
const LEGEND_HEIGHT = 20;

/** Where an axis of shares may begin, and how far apart it is marked. */
const STARTS = [
  { from: 0.98, step: 0.005 },
  { from: 0.95, step: 0.01 },
  { from: 0.9, step: 0.02 },
  { from: 0.8, step: 0.05 },
  { from: 0.5, step: 0.1 },
  { from: 0, step: 0.25 },
];

/** Returns an axis of shares up to 1: from 0, or from as near below `lowest` as it may begin. */
export function shareAxis(title: string, lowest = 0): Axis {
  const { from, step } = STARTS.find((start) => start.from <= lowest) ?? STARTS.at(-1)!;
  const count = Math.round((1 - from) / step);
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((from + i * step).toFixed(3)));
  return { title, from, to: 1, ticks: ticks.map((at) => ({ at, text: String(at) })) };
}

/** Returns the chart as SVG, coloured by the classes s0, s1 … of the page. */
export function lineChart(chart: LineChart): string {
  const names = [...chart.series.map(({ name }) => name), ...(chart.mark ? [chart.mark.name] : [])];
  const top = names.length > 1 ? LEGEND_HEIGHT + 8 : 8;
  const bottom = top + PLOT.height;
  const { x, y } = chart;
  const px = (value: number) => PLOT.left + span(value, x) * (PLOT.right - PLOT.left);
  const py = (value: number) => bottom - span(value, y) * PLOT.height;
  const content = [
    names.length > 1 ? legend(chart) : '',
    axes(chart, { px, py, top, bottom }),
    chart.reference ? referenceLine(chart.reference, px, py) : '',
    ...chart.series.map((series, s) => seriesShapes(series, s, { px, py })),
    chart.mark ? element('circle', { class: 'mark', cx: px(chart.mark.x), cy: py(chart.mark.y), r: 5 }) : '',
  ];
  return drawing(chart, { width: WIDTH, height: bottom + 40 }, content.join(''));
}

function span(value: number, { from, to }: Axis): number {
  return to === from ? 0.5 : Math.min(1, Math.max(0, (value - from) / (to - from)));
}

function legend({ series, mark }: LineChart): string {
  let at = PLOT.left;
  const entry = (name: string, swatch: (x: number) => string): string => {
    const text = label(name, { x: at + 16, y: 14 });
    const drawn = swatch(at) + text;
    at += 30 + name.length * 6.6;
    return drawn;
  };
  const lines = series.map(({ name }, s) =>
    entry(name, (x) => element('rect', { class: `fill s${s}`, x, y: 5, width: 11, height: 11, rx: 2 })),
  );
  const marked = mark
    ? [entry(mark.name, (x) => element('circle', { class: 'mark', cx: x + 5, cy: 10, r: 5 }))]
    : [];
  return [...lines, ...marked].join('');
}

interface Scales {
  readonly px: (value: number) => number;
  readonly py: (value: number) => number;
}

function axes(
  { x, y }: LineChart,
  { px, py, top, bottom }: Scales & { readonly top: number; readonly bottom: number },
): string {
  const rows = y.ticks.map(
    ({ at, text }) =>
      element('line', { class: 'grid', x1: PLOT.left, x2: PLOT.right, y1: py(at), y2: py(at) }) +
      label(text, { class: 'tick', x: PLOT.left - 6, y: py(at) + 4, 'text-anchor': 'end' }),
  );
  const columns = x.ticks.map(({ at, text }) =>
    label(text, { class: 'tick', x: px(at), y: bottom + 16, 'text-anchor': anchor(px(at)) }),
  );
  const middle = (PLOT.left + PLOT.right) / 2;
  const half = (top + bottom) / 2;
  return [
    ...rows,
    ...columns,
    element('line', { class: 'axis', x1: PLOT.left, x2: PLOT.right, y1: bottom, y2: bottom }),
    label(x.title, { class: 'axis-title', x: middle, y: bottom + 33, 'text-anchor': 'middle' }),
    label(y.title, {
      class: 'axis-title',
      x: 0,
      y: 0,
      transform: `translate(11 ${half}) rotate(-90)`,
      'text-anchor': 'middle',
    }),
  ].join('');
}

/** Labels at the ends of the axis must not leave the drawing. */
function anchor(x: number): string {
  return x > PLOT.right - 14 ? 'end' : 'middle';
}

function referenceLine(
  [[x1, y1], [x2, y2]]: NonNullable<LineChart['reference']>,
  px: Scales['px'],
  py: Scales['py'],
): string {
  return element('line', { class: 'reference', x1: px(x1), y1: py(y1), x2: px(x2), y2: py(y2) });
}

function seriesShapes({ points, as, maxStep = Infinity }: Series, s: number, { px, py }: Scales): string {
  const pieces = piecesOf(points, maxStep);
  const path = pieces
    .filter((piece) => piece.length > 1)
    .map((piece) => linePath(piece.map((p) => [px(p.x), py(p.y)] as const)))
    .join('');
  const shapes = path === '' ? [] : [element('path', { class: `line s${s}`, d: path })];
  if (as === 'line') return shapes.join('');
  const ranged = points.filter((p) => p.low !== undefined && p.high !== undefined);
  if (as === 'band') {
    const band = pieces.map((piece) => piece.filter((p) => p.low !== undefined && p.high !== undefined));
    for (const piece of band.filter((b) => b.length > 1)) {
      const upper = piece.map((p) => [px(p.x), py(p.high!)] as const);
      const lower = piece.map((p) => [px(p.x), py(p.low!)] as const).reverse();
      shapes.unshift(element('path', { class: `band s${s}`, d: `${linePath([...upper, ...lower])}Z` }));
    }
  }
  const alone = new Set(pieces.filter((piece) => piece.length === 1).flat());
  for (const p of ranged)
    if (as === 'bars' || alone.has(p))
      shapes.push(
        element('line', {
          class: `whisker s${s}`,
          x1: px(p.x),
          x2: px(p.x),
          y1: py(p.low!),
          y2: py(p.high!),
        }),
      );
  for (const p of points)
    shapes.push(
      element('circle', { class: `dot s${s}`, cx: px(p.x), cy: py(p.y), r: points.length > 40 ? 1.8 : 3 }),
    );
  return shapes.join('');
}

function piecesOf(points: Series['points'], maxStep: number): Series['points'][number][][] {
  const pieces: Series['points'][number][][] = [];
  for (const point of points) {
    const last = pieces.at(-1);
    const before = last?.at(-1);
    if (last && before && point.x - before.x <= maxStep) last.push(point);
    else pieces.push([point]);
  }
  return pieces;
}
