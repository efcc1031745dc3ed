import { relative } from 'node:path';
import type { QuickstartResult } from '../../pipeline/index.js';
import { milliseconds, renderFacts } from './table.js';

/** Returns the closing summary: what was made, where, and what to try next. `comparison` is the rendered table of the runs. */
export function renderQuickstart(result: QuickstartResult, comparison: string): string {
  const { reference, staging, model, sanity } = result;
  const tags = ['lifecycle', 'validated'].map((key) => `${key}=${model.tags[key] ?? '–'}`).join(', ');
  const failed = staging.checks.filter((c) => c.passed === false);
  const facts: [string, string][] = [
    ['data', `${relative('.', result.sample)}: ${reference.data.rows} events`],
    ['store', `${result.store} (experiment ${reference.experiment.name})`],
    ['runs', `${reference.runName} ${reference.runId}`],
    ['', `${result.allFeatures.runName} ${result.allFeatures.runId}`],
    ['model', `${model.name} version ${model.version}, stage ${model.stage}`],
    ['tags', tags],
    ['latency', `${milliseconds(reference.latencyMs)} an event, limit 100 ms`],
    [
      'checks',
      failed.length === 0
        ? `all ${staging.checks.length} passed`
        : failed.map((c) => `${c.name} FAILED: ${c.detail}`).join('; '),
    ],
    ['prediction', `${JSON.stringify(sanity.input)} → ${JSON.stringify(sanity.predictions)}`],
  ];
  return [
    '',
    comparison.trimEnd(),
    '',
    renderFacts(facts),
    '',
    `${result.passed ? 'Done' : 'FAILED'} in ${result.seconds.toFixed(1)} s. Next:`,
    ...result.next.map((command) => `  ${command}`),
  ].join('\n');
}
