import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { benchmarkLatency, describeMachine } from '#src/evaluate/index.js';

/** A scorer whose calls take the milliseconds it is told, on a clock of its own. */
function scripted(singleMs: number[], wholeMs: number[]) {
  let clock = 1000;
  const seen: number[] = [];
  let whole = 0;
  return {
    seen,
    wholeCalls: () => whole,
    nowMs: () => clock,
    predictOne: (index: number) => {
      clock += singleMs[seen.length]!;
      seen.push(index);
    },
    predictBatch: () => {
      clock += wholeMs[whole++]!;
    },
  };
}

describe('benchmarkLatency', () => {
  it('keeps the cold call apart, warms up untimed, and times each kind of call', () => {
    const scorer = scripted([50, 9, 9, 1, 2, 3, 4], [80, 80, 10, 20, 30, 60]);
    const report = benchmarkLatency({ ...scorer, nEvents: 3 }, { repeat: 4, warmup: 2, nowMs: scorer.nowMs });
    expect(report.coldMs).toBe(50);
    expect(report.single).toEqual({
      calls: 4,
      eventsPerCall: 1,
      meanMs: 2.5,
      minMs: 1,
      maxMs: 4,
      p50Ms: 2.5,
      p95Ms: expect.closeTo(3.85, 12),
      p99Ms: expect.closeTo(3.97, 12),
      eventsPerSecond: 400,
    });
    expect(report.whole).toMatchObject({
      calls: 4,
      eventsPerCall: 3,
      meanMs: 30,
      minMs: 10,
      maxMs: 60,
      p50Ms: 25,
    });
    expect(report.whole.eventsPerSecond).toBe(100);
    expect(scorer.seen).toEqual([0, 0, 1, 0, 1, 2, 0]);
    expect(scorer.wholeCalls()).toBe(6);
  });

  it('calls the whole set no more often than there is time for, but three times', () => {
    const timed = (wholeMs: number) => {
      const scorer = scripted(new Array(20).fill(1), new Array(20).fill(10));
      const options = { repeat: 9, warmup: 4, nowMs: scorer.nowMs, wholeMs };
      const { single, whole } = benchmarkLatency({ ...scorer, nEvents: 3 }, options);
      return [single.calls, whole.calls, scorer.wholeCalls()];
    };
    expect(timed(1000)).toEqual([9, 9, 13]);
    expect(timed(50)).toEqual([9, 5, 9]);
    expect(timed(35)).toEqual([9, 4, 8]);
    expect(timed(0)).toEqual([9, 3, 4]);
  });

  it('gives finite numbers when the clock stands still', () => {
    const report = benchmarkLatency(
      { predictOne: () => 0, predictBatch: () => 0, nEvents: 1 },
      { repeat: 1, warmup: 0, nowMs: () => 5 },
    );
    expect(report.single).toMatchObject({ meanMs: 0, eventsPerSecond: 0 });
  });

  it('reads the real clock by default: 100 calls in order of their quantiles', () => {
    const { single, whole, coldMs } = benchmarkLatency({
      predictOne: (i) => Math.sqrt(i),
      predictBatch: () => Array.from({ length: 100 }, Math.sqrt),
      nEvents: 100,
    });
    expect(coldMs).toBeGreaterThanOrEqual(0);
    for (const { calls, minMs, p50Ms, p95Ms, p99Ms, maxMs } of [single, whole]) {
      expect(calls).toBe(100);
      expect([minMs, p50Ms, p95Ms, p99Ms, maxMs]).toEqual(
        [minMs, p50Ms, p95Ms, p99Ms, maxMs].sort((a, b) => a - b),
      );
    }
  });

  it('lets an error of the scorer through', () => {
    const fails = () => {
      throw new Error('no such row');
    };
    expect(() => benchmarkLatency({ predictOne: fails, predictBatch: fails, nEvents: 1 })).toThrow(
      'no such row',
    );
  });

  it.each([
    [{ repeat: 0 }, 1, 'repeat must be a whole number from 1 to 10000000, got 0'],
    [{ warmup: -1 }, 1, 'warmup must be a whole number from 0 to 10000000, got -1'],
    [{}, 0, 'nEvents must be a whole number from 1 to 10000000, got 0'],
  ])('refuses %o', (options, nEvents, message) => {
    expect(() => benchmarkLatency({ predictOne: () => 0, predictBatch: () => 0, nEvents }, options)).toThrow(
      message,
    );
  });
});

describe('describeMachine', () => {
  it('gives the facts, and not the name of the host', () => {
    const machine = describeMachine();
    expect(machine.nodeVersion).toBe(process.version);
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.memoryBytes).toBeGreaterThan(1e6);
    expect(machine.platform).toBe(`${process.platform}-${process.arch}`);
    expect(machine.cpuModel).not.toBe('');
    expect(Object.values(machine)).not.toContain(hostname());
  });
});
