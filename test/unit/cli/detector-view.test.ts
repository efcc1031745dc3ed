import { describe, expect, it } from 'vitest';
import { renderEvaluation } from '#src/cli/views/detector.js';
import type { EvaluationResult } from '#src/pipeline/index.js';

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
