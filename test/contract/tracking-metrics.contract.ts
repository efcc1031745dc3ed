import { expect, it } from 'vitest';
import type { Metric } from '#src/track/index.js';
import { expectCode, uniqueName } from './expect-code.js';
import type { StoreOf } from './tracking-store.contract.js';

/** What the port promises of the history of metrics. */
export function metricHistoryCases(storeOf: StoreOf): void {
  const newRun = async () => {
    const { experimentId } = await storeOf().createExperiment(uniqueName('history'));
    return (await storeOf().createRun({ experimentId })).info.runId;
  };
  const curve = (count: number, key = 'loss'): Metric[] =>
    Array.from({ length: count }, (_, i) => ({ key, value: 1 / (i + 1), timestamp: 1_000 + i, step: i }));

  it('gives the history by time in pages, none of a point twice', async () => {
    const runId = await newRun();
    const points = curve(23).map((point, i) => ({ ...point, step: 22 - i }));
    points.push({ key: 'loss', value: Number.NaN, timestamp: 1_022, step: 0 });
    await storeOf().logBatch(runId, { metrics: points });
    const read: Metric[] = [];
    const sizes: number[] = [];
    let pageToken: string | undefined;
    do {
      const page = await storeOf().getMetricHistoryPage(runId, 'loss', { maxResults: 10, pageToken });
      read.push(...page.items);
      sizes.push(page.items.length);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(sizes).toEqual([10, 10, 4]);
    expect(read.slice(0, 22)).toEqual(points.slice(0, 22));
    expect(read.map((m) => m.timestamp)).toEqual(points.map((m) => m.timestamp));
    const whole = await storeOf().getMetricHistoryPage(runId, 'loss', {});
    expect(whole.items).toEqual(read);
    expect(whole.nextPageToken).toBeUndefined();
  });

  it('gives the whole history as text with every double bit for bit', async () => {
    const runId = await newRun();
    const values = [
      0.1,
      1 / 3,
      -1e-300,
      5e-324,
      Number.MAX_VALUE,
      2 ** 53 + 2,
      1e22,
      0,
      123456789.12345679,
      -7,
    ];
    const key = 'a key/with: odd-signs_';
    const points = values.map((value, i) => ({ key, value, timestamp: 5_000 - i, step: i % 3 }));
    points.push({ key, value: Number.NaN, timestamp: 1, step: -1 });
    await storeOf().logBatch(runId, { metrics: points });
    const text = await storeOf().getMetricHistoryText(runId, key, points.length);
    expect(await storeOf().getMetricHistoryText(runId, key, points.length - 1)).toBeUndefined();
    const wire = points.map((p) => ({ ...p, value: Number.isNaN(p.value) ? 'NaN' : p.value }));
    expect(JSON.parse(`[${text}]`)).toEqual(wire.reverse());
    expect(await storeOf().getMetricHistoryText(runId, 'other', 1)).toBe('');
  });

  it('gives no points of what was never logged, and refuses a page token that is none', async () => {
    const runId = await newRun();
    const { items } = await storeOf().getMetricHistoryPage('f'.repeat(32), 'loss', {});
    expect(items).toEqual([]);
    await expectCode(storeOf().getMetricHistory('f'.repeat(32), 'loss'), 'NOT_FOUND');
    await storeOf().logBatch(runId, { metrics: curve(3) });
    await expectCode(
      storeOf().getMetricHistoryPage(runId, 'loss', { maxResults: 1, pageToken: 'rubbish' }),
      'INVALID_PARAMETER',
    );
  });

  it('samples curves evenly, always with the last point', async () => {
    const [first, second] = [await newRun(), await newRun()];
    await storeOf().logBatch(first, { metrics: curve(1_000) });
    await storeOf().logBatch(second, { metrics: curve(3) });
    const sample = async (options: Parameters<ReturnType<StoreOf>['sampleMetricHistory']>[2]) => {
      const points = await storeOf().sampleMetricHistory([first, second], 'loss', options);
      const of = (runId: string) => points.filter((p) => p.runId === runId).map((p) => p.step);
      return [of(first), of(second)];
    };
    expect(await sample({ maxResults: 5 })).toEqual([
      [0, 200, 400, 600, 999],
      [0, 1, 2],
    ]);
    expect(await sample({ maxResults: 3, steps: [10, 20] })).toEqual([[10, 14, 20], []]);
    expect(await sample({ maxResults: 1 })).toEqual([[999], [2]]);
    const all = Array.from({ length: 11 }, (_, i) => 10 + i);
    expect(await sample({ maxResults: 11, steps: [10, 20] })).toEqual([all, []]);
    const points = await storeOf().sampleMetricHistory([second], 'loss', { maxResults: 2_500 });
    expect(points).toEqual(curve(3).map((point) => ({ ...point, runId: second })));
    expect(await storeOf().sampleMetricHistory([second], 'absent', { maxResults: 5 })).toEqual([]);
  });
}
