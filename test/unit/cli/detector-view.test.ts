import { describe, expect, it } from 'vitest';
import { renderBenchmark, renderEvaluation } from '#src/cli/views/detector.js';
import type { BenchmarkResult, EvaluationResult } from '#src/pipeline/index.js';

describe('the summary of evaluate', () => {
  const result = {
    model: 'detector/1',
    data: { path: 'next.csv', unit: 'event', rejected: 0 },
    nSamples: 4,
    metrics: { accuracy: 0.75, f1: 0.7, f1Macro: 0.6, rocAuc: 0.5 },
    intervals: {},
    perClass: [{ label: 0 }, { label: 1 }],
    confusionMatrix: [
      [2, 0],
      [1, 1],
    ],
    warnings: [
      { metric: 'all', message: 'six groups' },
      { metric: 'precisionBinary', message: 'precisionBinary has no interval: it cannot vary' },
      { metric: 'recallBinary', message: 'undefined' },
    ],
  } as unknown as EvaluationResult;
  const text = renderEvaluation(result);

  it('names figures as training does', () => {
    expect(text).toMatch(
      /^accuracy +\.7500\nF1 \(weighted\) +\.7000\nF1 \(mean of classes\) +\.6000\nROC AUC +\.5000$/m,
    );
  });

  it('names the metric of a warning once', () => {
    expect(text).toMatch(/^warning: six groups\n/);
    expect(text).toMatch(
      /\nwarning: precisionBinary has no interval: it cannot vary\nwarning: recallBinary: undefined$/,
    );
  });
});

describe('the summary of benchmark', () => {
  it('fits into 80 columns', () => {
    const times = { meanMs: 0.0123, minMs: 0.0101, p50Ms: 0.0123, p95Ms: 0.0223, p99Ms: 0.0423, maxMs: 12.3 };
    const text = renderBenchmark({
      model: 'detector/1',
      data: { path: 'next.csv', unit: 'session', rows: 34774 },
      machine: { cpuModel: 'some', cores: 2, nodeVersion: 'v22', platform: 'linux' },
      coldMs: 1,
      single: { ...times, calls: 100, eventsPerSecond: 103643 },
      whole: { ...times, calls: 100, eventsPerCall: 34774, eventsPerSecond: 11033782 },
      limitMs: 100,
      passed: true,
    } as unknown as BenchmarkResult);
    expect(text).toMatch(/^100 calls, ms +mean +min +p50 +p95 +p99 +max +sessions\/s$/m);
    expect(text).toMatch(/^34774 sessions +0\.0123 +0\.0101 .* 12\.3 +11,033,782$/m);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
