import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Audit, AuditName } from '#src/audit/index.js';
import { auditFile } from '#src/pipeline/index.js';

const FOLDER = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const present = existsSync(FOLDER);
if (!present) console.log(`skipped: the audits of the real files, because ${FOLDER} is absent`);
const at = (...names: string[]) => join(FOLDER, ...names);
const of = (name: AuditName, audits: readonly Audit[]) => audits.find((audit) => audit.name === name)!;
const blocked = (audits: readonly Audit[]) =>
  audits.filter((a) => a.verdict === 'block').map((a) => [a.name, [...a.columns]]);

describe.skipIf(!present)('audits of the real files (needs ../shared)', () => {
  it('name the columns that leak', async () => {
    const data = { path: at('leaky', 'ground_truth.csv') };
    const truth = await auditFile({ data, label: { target: 'is_malicious' } });
    expect(truth).toMatchObject({ rows: 200, classes: ['False', 'True'], verdict: 'block', passed: false });
    expect(blocked(truth.audits)).toEqual([['separates-alone', ['attack_type', 'threat_score', 'src_ip']]]);
    const enhanced = await auditFile({
      data: { path: at('leaky', 'labeled_events_v2_enhanced.csv.gz') },
      label: { target: 'label' },
    });
    expect(blocked(enhanced.audits)).toEqual([
      ['separates-alone', ['avg_command_length', 'payload_entropy', 'payload_to_cmd_ratio']],
    ]);
  });

  it.each([
    ['week6_test_events.csv', 210, 0.9545],
    ['week6_test_events_v1.csv', 205, 0.9318],
  ])('block event and level of %s as features, and tell the ceiling', async (name, right, ceiling) => {
    const { audits } = await auditFile({ data: { path: at('week6', name) } });
    expect(blocked(audits)).toEqual([['declared-roles', expect.arrayContaining(['event', 'level'])]]);
    const { verdict, evidence } = of('conflicting-labels', audits);
    expect([verdict, evidence.numbers['right'], evidence.numbers['rows']]).toEqual(['warn', right, 220]);
    expect(evidence.numbers['ceiling']).toBeCloseTo(ceiling, 4);
    expect(evidence.words).toContain(`no rule gets more than ${right} of 220 rows right (${ceiling})`);
  });

  it('block the attack and the difficulty of NSL-KDD, none of the 41, and count its copies', async () => {
    const { audits, rows } = await auditFile({
      data: {
        path: at('nsl-kdd', 'KDDTrain+.txt.gz'),
        test: at('nsl-kdd', 'KDDTest+.txt.gz'),
        format: 'nsl-kdd',
      },
    });
    expect(rows).toBe(148_517);
    expect(blocked(audits)).toEqual([['declared-roles', ['attack_name', 'difficulty']]]);
    expect(of('exact-duplicates', audits)).toMatchObject({
      verdict: 'warn',
      evidence: { numbers: { copies: 664 } },
    });
    expect(of('near-duplicates', audits).verdict).toBe('warn');
    expect(of('near-duplicates', audits).evidence.numbers['share']).toBeGreaterThan(0.5);
    expect(of('conflicting-labels', audits)).toMatchObject({
      verdict: 'warn',
      evidence: { numbers: { groups: 98 } },
    });
    expect(of('unseen-classes', audits)).toMatchObject({
      verdict: 'warn',
      evidence: { numbers: { 'rows.attack_name': 3750, 'values.attack_name': 17 } },
    });
  }, 120_000);
});
