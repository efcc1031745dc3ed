import { describe, expect, it } from 'vitest';
import { readText } from './read-text.js';

describe('an input without rows', () => {
  it.each([
    ['\n', 'csv', 'holds only blank lines'],
    ['\n\r\n\n', 'csv', 'holds only blank lines'],
    ['\ufeff\n', 'csv', 'holds only blank lines'],
    ['\n'.repeat(200_000), 'csv', 'holds only blank lines'],
    ['\n\n', 'jsonl', 'holds only blank lines'],
    ['\ufeff', 'csv', 'is empty'],
    ['\nhoneypot_type,event,data\n\n', 'csv', 'has a header and no rows'],
    ['honeypot_type,event,data', 'csv', 'has a header and no rows'],
  ] as const)('%j as %s %s', async (text, format, what) => {
    const { error, report } = await readText(text, { format });
    expect(error).toMatchObject({
      code: 'BAD_DATA',
      message: `"-" ${what}`,
      hint: 'give a file with at least one event',
    });
    expect(report.rowsRead).toBe(0);
  });
});
