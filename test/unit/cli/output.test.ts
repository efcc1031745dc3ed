import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createOutput, printError } from '#src/cli/output.js';
import { PhantomNetError } from '#src/core/index.js';

/** Between two drawings of the moving line. */
const REDRAWN_MS = 120;

/** What a stage that goes through `steps` writes to stderr. */
async function written(isTTY: boolean, steps: [done: number, secondsLeft?: number][]): Promise<string> {
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const options = { json: false, quiet: false, noColor: false };
  const { progress } = createOutput(options, { stdout: new PassThrough(), stderr });
  progress.stage('train random-forest');
  for (const [done, secondsLeft] of steps) {
    await setTimeout(REDRAWN_MS);
    progress.advance(done, 100, secondsLeft);
  }
  progress.done('60 rows');
  return String(stderr.read());
}

describe('progress', () => {
  it('redraws one line on a terminal, with the time left where it is known', async () => {
    const text = await written(true, [[1], [37, 3.2], [38, 100], [39, 100.1]]);
    expect(text.split('\r\u001b[2K')).toEqual([
      '  train random-forest …',
      '  train random-forest … 1/100',
      '  train random-forest … 37/100, 4 s left',
      '  train random-forest … 38/100, 100 s left',
      '  train random-forest … 39/100, 2 min left',
      expect.stringMatching(/^ {2}train random-forest {12}\d\.\d s {2}60 rows\n$/),
    ]);
  });

  it('leaves nothing of a stage that failed, and is over then', () => {
    for (const isTTY of [true, false]) {
      const stderr = Object.assign(new PassThrough(), { isTTY });
      const options = { json: false, quiet: false, noColor: false };
      const { progress } = createOutput(options, { stdout: new PassThrough(), stderr });
      progress.drop();
      progress.stage('read logs');
      progress.drop();
      progress.done();
      expect(String(stderr.read() ?? '')).toBe(isTTY ? '  read logs …\r\u001b[2K' : '');
    }
  });

  it('writes a line a stage elsewhere', async () => {
    expect(await written(false, [[37, 3.2]])).toMatch(/^ {2}train random-forest {12}\d\.\d s {2}60 rows\n$/);
  });
});

describe('an error', () => {
  it('moves no cursor with what its cause says', () => {
    const stderr = new PassThrough();
    const cause = new Error("cannot read 'a\u001b[31mRED\u0007'");
    printError(new PhantomNetError('BAD_DATA', 'what', { cause, hint: 'do' }), { json: false }, stderr);
    expect(stderr.read()?.toString()).toBe(
      "error: what\nwhy: cannot read 'a\\u001b[31mRED\\u0007'\nhelp: do\n",
    );
  });
});
