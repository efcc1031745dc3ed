import { describe, expect, it } from 'vitest';
import { type AuditInput, auditData } from '#src/audit/index.js';

const input = (labelInWindow: AuditInput['labelInWindow']): AuditInput => ({
  label: 'y',
  labels: { classes: [0, 1], codes: Uint16Array.of(0, 1, 0, 1) },
  columns: [{ name: 'x', role: 'feature', reason: 'a number', values: Float64Array.of(1, 1, 2, 3) }],
  labelInWindow,
});
const found = (labelInWindow: AuditInput['labelInWindow']) =>
  auditData(input(labelInWindow)).audits.find(({ name }) => name === 'label-in-window')!;

describe('label-in-window', () => {
  it('blocks where features of sessions are made of the event that gave the label', () => {
    expect(found({ unit: 'session', samples: 3, of: 12 })).toEqual({
      name: 'label-in-window',
      verdict: 'block',
      columns: [],
      evidence: {
        words: 'the event that gave the label is inside the window of 3 of 12 sessions (25 %)',
        numbers: { samples: 3, of: 12 },
      },
      fix: 'close the window before it: name that event in sample.until, or shorten sample.maxSeconds',
    });
  });

  it('blocks where the history of events knows of the event that holds their label', () => {
    const audit = found({ unit: 'event', samples: 1, of: 8 });
    expect(audit.verdict).toBe('block');
    expect(audit.evidence.words).toBe(
      'the history of 1 of 8 events (12.5 %) knows of the event that gave their label',
    );
    expect(audit.fix).toContain('sample.where');
  });

  it('passes where none does, and is not applicable to rows that are no samples', () => {
    expect(found({ unit: 'session', samples: 0, of: 12 })).toMatchObject({
      verdict: 'pass',
      evidence: { words: 'no session has features of the event that gave its label' },
    });
    expect(found(undefined).verdict).toBe('not-applicable');
  });
});
