import { describe, expect, it } from 'vitest';
import { visible } from '#src/core/index.js';

describe('visible', () => {
  it('writes what could act on a terminal as escapes and keeps the rest', () => {
    expect(visible('a\u001b[2J\u202e\ud800\u2028\ufeffé名🎉')).toBe(
      'a\\u001b[2J\\u202e\\ud800\\u2028\\ufeffé名🎉',
    );
    expect(visible('\u{e0041}')).toBe('\\udb40\\udc41');
  });
});
