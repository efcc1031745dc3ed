import { describe, expect, it } from 'vitest';
import { isAttackLabels } from '#src/features/index.js';
import { eventsFromRecords } from '#src/ingest/index.js';
import { auditInput } from '#src/pipeline/audit-input.js';

/** Log-ins with these passwords, which are redacted. */
function logins(...passwords: string[]) {
  const samples = eventsFromRecords(
    passwords.map((password, i) => ({
      timestamp: `2026-01-01T00:00:0${i}Z`,
      honeypot_type: 'ssh',
      event: 'login_failed',
      source_ip: '10.0.0.1',
      session: `s${i}`,
      port: i === 0 ? null : 22,
      data: `{'password': '${password}'}`,
    })),
  );
  return { samples, labels: isAttackLabels(samples) };
}

describe('what audits are told of events', () => {
  const input = auditInput(logins('hunter22', 'letmein1', 'hunter22'), {
    label: 'is_attack',
    test: logins('x'),
  });
  const column = (name: string) => input.columns.find((one) => one.name === name)!;

  it('is their columns by role, and which rows train', () => {
    expect(Object.fromEntries(input.columns.map(({ name, role }) => [name, role]))).toEqual({
      ...{ timestamp: 'time', event: 'label-defining', source_ip: 'identifier', session: 'identifier' },
      ...{ honeypot_type: 'feature', port: 'feature', data: 'feature' },
    });
    expect(input).toMatchObject({ source: 'source_ip', labels: { classes: [0, 1] } });
    expect([...input.split!.train, ...input.split!.test]).toEqual([0, 1, 2, 3]);
    expect(column('port').values).toHaveLength(4);
  });

  it('has every column of either side, empty where the other has none', () => {
    const bare = eventsFromRecords([{ honeypot_type: 'ftp', event: 'connect', data: null, path: '/x' }]);
    const joined = auditInput(logins('a'), {
      label: 'is_attack',
      test: { samples: bare, labels: isAttackLabels(bare) },
    });
    const values = (name: string) => joined.columns.find((one) => one.name === name)?.values;
    expect([values('path'), values('session'), values('port')]).toEqual([
      [null, '/x'],
      ['s0', null],
      [null, null],
    ]);
  });

  it('tells redacted texts apart by what was counted before', () => {
    const { values } = column('data');
    expect(values[0]).toBe(values[2]);
    expect(values[0]).not.toBe(values[1]);
    expect(String(values[0])).toContain('[redacted:8]');
    expect(JSON.stringify(values)).not.toContain('hunter22');
  });
});
