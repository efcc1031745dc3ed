import { drawing, element, label } from './svg.js';

/** One row: a bar or a dot at its value, with an interval where there is one. */
interface ChartRow {
  readonly name: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  /** What stands at its right end. */
  readonly text: string;
}

/** A chart of one named value a row. */
interface RowChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly as: 'bars' | 'dots';
  readonly rows: readonly ChartRow[];
  readonly from: number;
  readonly to: number;
  /** Values that are marked below the rows. */
  readonly ticks?: readonly number[];
}

const WIDTH = 400;
const LEFT = 4;
const RIGHT = 396;
const ROW_HEIGHT = 34;

/** Returns the chart as SVG: names above their bars, so that long ones fit on a phone. */
export function rowChart(chart: RowChart): string {
  const { from, to, rows } = chart;
  const px = (value: number) =>
    LEFT + (to === from ? 0 : Math.min(1, Math.max(0, (value - from) / (to - from)))) * (RIGHT - LEFT);
  const content = rows.map((row, r) => {
    const y = 4 + r * ROW_HEIGHT;
    return [
      label(row.name, { x: LEFT, y: y + 12 }, Math.floor((RIGHT - LEFT - row.text.length * 7) / 7.2)),
      label(row.text, { class: 'tick', x: RIGHT, y: y + 12, 'text-anchor': 'end' }),
      element('line', { class: 'grid', x1: LEFT, x2: RIGHT, y1: y + 22, y2: y + 22 }),
      chart.as === 'bars' ? bar(row, { y, px }) : '',
      whisker(row, { y, px }),
      chart.as === 'dots'
        ? element('circle', { class: 'dot s0', cx: px(row.value), cy: y + 22, r: 4.5 })
        : '',
    ].join('');
  });
  const bottom = rows.length * ROW_HEIGHT + 4;
  const ticks = (chart.ticks ?? []).map((at) => tick(at, { x: px(at), bottom }));
  const height = ticks.length === 0 ? bottom : bottom + 16;
  return drawing(chart, { width: WIDTH, height }, [...content, ...ticks].join(''));
}

/** Labels at the ends must not leave the drawing. */
function tick(at: number, { x, bottom }: { readonly x: number; readonly bottom: number }): string {
  const anchor = x < LEFT + 8 ? 'start' : x > RIGHT - 8 ? 'end' : 'middle';
  return (
    element('line', { class: 'axis', x1: x, x2: x, y1: bottom - 4, y2: bottom }) +
    label(String(at), { class: 'tick', x, y: bottom + 13, 'text-anchor': anchor })
  );
}

interface Place {
  readonly y: number;
  readonly px: (value: number) => number;
}

function bar({ value }: ChartRow, { y, px }: Place): string {
  const [x1, x2] = [Math.min(px(0), px(value)), Math.max(px(0), px(value))];
  return element('rect', {
    class: 'fill s0',
    x: x1,
    y: y + 17,
    width: Math.max(1, x2 - x1),
    height: 10,
    rx: 2,
  });
}

function whisker({ low, high }: ChartRow, { y, px }: Place): string {
  if (low === undefined || high === undefined) return '';
  return element('line', { class: 'whisker row', x1: px(low), x2: px(high), y1: y + 22, y2: y + 22 });
}
