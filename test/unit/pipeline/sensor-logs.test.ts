import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EventFields } from '#src/data/index.js';
import { type ExperimentConfigInput, experimentConfigSchema, parseConfig } from '#src/pipeline/config.js';
import { foreignLogNotes } from '#src/pipeline/foreign-logs.js';
import {
  datasetsOf,
  honeypotNotes,
  joinNotes,
  requireSampleRule,
  requireTwoClasses,
} from '#src/pipeline/sensor-logs.js';
import { expectCode } from '../../contract/expect-code.js';
import { cowrieLog } from '../../support/cowrie-log.js';
import { expectThrown } from '../../support/expect-thrown.js';

const folder = mkdtempSync(join(tmpdir(), 'sensor-logs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = (given: ExperimentConfigInput) => parseConfig(experimentConfigSchema, given, 'config');
const samples = (codes: readonly number[]) => ({
  samples: [],
  labels: { classes: [0, 1], codes: Uint16Array.from(codes) },
});
const refused = (given: ExperimentConfigInput, datasets: readonly string[], codes = [1, 1]) =>
  expectThrown(
    () => requireTwoClasses(samples(codes), config({ data: { path: 'x.parquet' }, ...given }), datasets),
    'BAD_DATA',
  );

describe('samples of one class', () => {
  it('are refused with what to do, by what logs they come from', () => {
    const plain = 'all samples are of class 1, a classifier needs at least two classes to tell apart';
    expect(refused({}, []).message).toBe(plain);
    expect(refused({}, []).hint).toMatch(/^give rows of another class/);
    const honeypots = refused({}, ['dionaea', 'opencanary']);
    expect(honeypots.message).toBe(
      `${plain}: a honeypot (dionaea, opencanary) has no benign traffic, all it logs is a scan or an attack`,
    );
    expect(honeypots.hint).toContain('label: { target: technique, taxonomy: attack-technique }');
    expect(honeypots.hint).toContain('and run: phantomnet train "x.parquet" --config labels.yaml');
    expect(honeypots.details).toEqual({ class: 1, datasets: ['dionaea', 'opencanary'] });
    const mixed = refused({}, ['zeek.conn', 'cowrie'], [0, 0]);
    expect(mixed.message).toMatch(
      /of class 0, .*: the rule of is_attack is for events of week 6, these are of zeek/,
    );
    expect(mixed.hint).toContain('label: { target: kind, field: label, classes:');
    expect(refused({}, ['suricata.flow']).hint).toContain('on: [session], take: rule.category');
    const ruled = { sample: { unit: 'event' }, label: { when: { label: 'x' } } } as const;
    expect(refused(ruled, ['cowrie'], [0, 0]).message).toMatch(
      /of class 0, .*tell apart: no event of a sample fulfils label\.when$/,
    );
    expect(refused(ruled, ['cowrie'], [0, 0]).hint).toMatch(/^check label\.when against what the events are/);
    expect(refused(ruled, ['cowrie']).message).toContain('has no benign traffic');
    expect(refused(ruled, ['zeek.conn']).message).toBe(plain);
    expect(refused(ruled, ['zeek.conn']).hint).toBe(
      'give logs that hold another class, or check the label rule',
    );
  });

  it('are taken for a model that needs no other, and so are those of two', () => {
    const majority = config({ data: { path: 'x' }, estimator: { name: 'majority' } });
    expect(() => requireTwoClasses(samples([1, 1]), majority, ['cowrie'])).not.toThrow();
    expect(() => requireTwoClasses(samples([1, 0]), config({}), ['cowrie'])).not.toThrow();
    expect(() => requireTwoClasses(samples([]), config({}), [])).not.toThrow();
  });
});

describe('a log of a sensor', () => {
  const path = join(folder, 'cowrie.json');
  writeFileSync(path, cowrieLog({ scans: 3, guesses: 3, breakIns: 3 }));

  it('is refused where nothing says what its samples are', async () => {
    const error = await expectCode(requireSampleRule(config({ data: { path } })), 'BAD_DATA');
    expect(error.message).toContain('is a log of cowrie, and nothing says what its samples are');
    expect(error.hint).toContain('until: { event.action: [cowrie.login.*, cowrie.session.closed] }');
    expect(error.details).toEqual({ file: path, source: 'cowrie' });
  });

  it('is taken where something does, and so is what is no log', async () => {
    const rows = join(folder, 'rows.csv');
    writeFileSync(rows, 'a,b\n1,2\n');
    const taken: ExperimentConfigInput[] = [
      { data: { path }, sample: { unit: 'session' } },
      { data: { path, format: 'table' } },
      { data: { path: '-' } },
      { data: { path: rows } },
      { data: { path: join(folder, 'absent') } },
    ];
    for (const given of taken) await requireSampleRule(config(given));
  });
});

describe('the name is_attack', () => {
  it('is warned of where all events are of honeypots', () => {
    const label = config({}).label;
    expect(honeypotNotes(label, ['cowrie'])).toEqual([
      'is_attack: a honeypot has no benign traffic, so this tells attacks from other attacks; label.taxonomy names their types',
    ]);
    expect(honeypotNotes(label, ['cowrie', 'zeek.conn'])).toEqual([]);
    expect(honeypotNotes(label, ['cowriex'])).toEqual([]);
    expect(honeypotNotes(label, [])).toEqual([]);
    expect(honeypotNotes({ ...label, target: 'tries_login' }, ['cowrie'])).toEqual([]);
  });

  it('is of the logs that the events name', () => {
    const event = (fields: EventFields) => ({ position: 0, file: 'x', line: 1, fields, payload: null });
    const events = ['cowrie', 'zeek.conn', 'cowrie'].map((name) => event({ 'event.dataset': name }));
    expect(datasetsOf([...events, event({})])).toEqual(['cowrie', 'zeek.conn']);
  });
});

describe('two classes by the events that are joined', () => {
  it('are told where the one without such an event would alert', () => {
    const notes = (classes: (string | number)[], label: object) =>
      joinNotes(
        config({
          label: {
            target: 'x',
            join: { events: {}, on: ['session'], take: 'y', otherwise: 'none' },
            ...label,
          },
        }).label,
        { classes, codes: Uint16Array.of(0, 1) },
      );
    expect(notes(['attack', 'none'], {})).toEqual([
      'class "none", which is where no event holds a label, is the second by name and so the one that alerts: give the other a name that comes after it (label.classes)',
    ]);
    const classes = { none: 'benign', 'Misc Attack': 'attack' };
    expect(notes(['attack', 'benign'], { classes })).toHaveLength(1);
    expect(notes(['benign', 'malicious'], { classes })).toEqual([]);
    expect(notes(['none', 'scan'], {})).toEqual([]);
    expect(notes(['attack', 'none', 'scan'], {})).toEqual([]);
  });
});

describe('logs of a sensor that a model was not trained on', () => {
  const sampling = (datasets?: string[]) =>
    ({
      version: 1,
      sample: { unit: 'event' },
      ...(datasets && { datasets }),
      example: { events: [], rows: [] },
    }) as const;

  it('are told, whichever log of the sensor it is', () => {
    expect(foreignLogNotes(sampling(['cowrie']), ['suricata.flow', 'suricata.dns'])).toEqual([
      'the model was trained on logs of cowrie, and these are of suricata: what it says of them means little',
    ]);
    expect(foreignLogNotes(sampling(['zeek.conn']), ['cowrie', 'zeek.http'])).toEqual([]);
    // Nothing is known of a model of an older version, or of a table.
    expect(foreignLogNotes(sampling(), ['cowrie'])).toEqual([]);
    expect(foreignLogNotes(undefined, ['cowrie'])).toEqual([]);
    expect(foreignLogNotes(sampling(['cowrie']), [])).toEqual([]);
  });
});
