#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import { PhantomNetError } from '../core/index.js';
import { exitCodeOf } from './exit-codes.js';
import { createOutput, printError } from './output.js';

/** `npm run sample`: writes the shipped sample; with --check shows that it is as hard as it should be. */
async function main(args: readonly string[]): Promise<number> {
  const { checkSample, SAMPLE_PATH } = await import('../pipeline/index.js');
  const json = args.includes('--json');
  const output = createOutput({ json, quiet: false, noColor: true });
  if (args.includes('--check')) {
    const report = await checkSample(SAMPLE_PATH, output.progress);
    output.result(report, () =>
      report.checks.map((c) => `${c.passed ? 'pass' : 'FAIL'}  ${c.name}: ${c.detail}`).join('\n'),
    );
    return report.passed ? 0 : 1;
  }
  const { formatSampleCsv, generateSample } = await import('../sample/index.js');
  const rows = generateSample();
  writeFileSync(SAMPLE_PATH, formatSampleCsv(rows));
  output.note(`${rows.length} events written to ${SAMPLE_PATH}`);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    printError(error, { json: process.argv.includes('--json') }, process.stderr);
    process.exitCode = error instanceof PhantomNetError ? exitCodeOf(error.code) : 70;
  },
);
