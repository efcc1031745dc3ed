import { expect } from 'vitest';

/**
 * Checks the value of an example against the comment behind it: a JavaScript literal, the text itself for a text,
 * `throws CODE`, or `≈ number` (as many decimals as are written). Any other comment is taken for a remark,
 * unless it starts with `→`. Typed arrays compare as arrays,
 * written as such or as Node prints them.
 */
export async function checkValue(value: () => Promise<unknown>, comment: string): Promise<void> {
  const throws = /^throws ([A-Z_]+)/.exec(comment);
  if (throws !== null) {
    await expect(value(), comment).rejects.toMatchObject({ code: throws[1] });
    return;
  }
  const got = plain(await value());
  const stated = comment.replace(/^→\s*/, '').replace(/^\w+Array(\(\d+\))? \[/, '[');
  const approximate = /^≈ (-?\d+(?:\.(\d+))?)$/.exec(stated);
  if (approximate !== null) {
    const decimals = approximate[2]?.length ?? 0;
    expect(Number(got).toFixed(decimals), comment).toBe(approximate[1]);
    return;
  }
  if (got === stated) return;
  const literal = literalOf(stated);
  if (literal !== undefined) expect(got, comment).toEqual(literal.value);
  else expect(comment, `cannot read the expected value, got ${String(got)}`).not.toMatch(/^→/);
}

function literalOf(text: string): { value: unknown } | undefined {
  try {
    return { value: new Function(`'use strict'; return (${text});`)() };
  } catch {
    return undefined;
  }
}

function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Uint8Array);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object' || value instanceof Map || value instanceof Set)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}
