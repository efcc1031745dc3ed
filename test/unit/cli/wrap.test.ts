import { describe, expect, it } from 'vitest';
import { wrapWords } from '#src/cli/wrap.js';

describe('wrapWords', () => {
  it('puts a path that is too long for its place at the beginning of a line, to be copied in one piece', () => {
    const path = `/${'p'.repeat(33)}`;
    expect(wrapWords(`kept in     ${path}`, 40)).toBe(`kept in\n${path}`);
  });

  it('leaves what fits, and what has nowhere to break, as it is', () => {
    expect(wrapWords('a b\n\n  c', 3)).toBe('a b\n\n  c');
    expect(wrapWords(`x ${'y'.repeat(50)}`, 40)).toBe(`x\n${'y'.repeat(50)}`);
    expect(wrapWords('z'.repeat(50), 40)).toBe('z'.repeat(50));
  });

  it('puts the rest of a value below the value', () => {
    expect(wrapWords('cross-validation  accuracy .9824 over 10 folds of the training rows', 50)).toBe(
      'cross-validation  accuracy .9824 over 10 folds of\n                  the training rows',
    );
    expect(wrapWords('  read events   1.1 s  5001 rows, class 0: 2686, class 1: 2315', 50)).toBe(
      '  read events   1.1 s  5001 rows, class 0: 2686,\n                       class 1: 2315',
    );
  });

  it('puts the rest of a sentence two columns further in', () => {
    expect(wrapWords('warning: audit exact-duplicates: 491 of 1001 rows are copies', 40)).toBe(
      'warning: audit exact-duplicates: 491 of\n  1001 rows are copies',
    );
    expect(wrapWords('      fix: leave event, level out of the features', 40)).toBe(
      '      fix: leave event, level out of the\n        features',
    );
  });

  it('breaks no command, which is there to be copied', () => {
    const command = `  phantomnet report ${'0'.repeat(32)} --out report.html`;
    expect(wrapWords(command, 40)).toBe(command);
    expect(wrapWords(command.replace('phantomnet', 'npx phantomnet'), 40)).toContain(
      'npx phantomnet report 0',
    );
  });

  it('measures what is seen: no colours, and wide scripts as wide', () => {
    expect(wrapWords('\u001b[32mfour\u001b[39m five', 9)).toBe('\u001b[32mfour\u001b[39m five');
    expect(wrapWords('蜜罐 蜜罐 蜜罐', 10)).toBe('蜜罐 蜜罐\n  蜜罐');
  });
});
