import { describe, expect, it } from 'vitest';
import type { HoneypotEvent } from '#src/data/index.js';
import { experimentConfigSchema } from '#src/pipeline/config.js';
import { settleFolds } from '#src/pipeline/settle-folds.js';
import type { SplitFacts } from '#src/pipeline/split-samples.js';
import { expectThrown } from '../../support/expect-thrown.js';

/** An event an hour, ten sources in turn; an attack is what `isAttack` says. */
function rows(n: number, isAttack: (row: number) => boolean) {
  const samples = Array.from({ length: n }, (_, i): HoneypotEvent => {
    const fields = { '@timestamp': i * 36e5, source_ip: `192.0.2.${i % 10}`, sensor: `s${i % 4}` };
    return { position: i, file: 'a.csv', line: i + 2, fields, payload: null };
  });
  const codes = Uint16Array.from(samples, (_, i) => Number(isAttack(i)));
  return { samples, labels: { classes: [0, 1], codes } };
}

const mixed = rows(120, (row) => row % 3 === 0);
const lateAttacks = rows(120, (row) => row >= 60 && row % 2 === 0);

function settle(crossValidation: object, split: Omit<SplitFacts, 'testSize'>, train = mixed) {
  const { groupBy } = split;
  const config = experimentConfigSchema.parse({ crossValidation, split: { groupBy } });
  const settled = settleFolds(config, { train, all: train, split: { ...split, testSize: 0.2 } });
  const { method, folds } = settled.config.crossValidation;
  return { method, folds, notes: settled.notes };
}

describe('the folds where nobody says their method', () => {
  it.each([
    ['time', 'time-series'],
    ['group', 'group'],
    ['stratified-group', 'stratified-group'],
    ['stratified', 'stratified'],
    ['random', 'stratified'],
    ['file', 'stratified'],
  ] as const)('are like a split by %s: %s', (split, method) => {
    const groupBy = split.endsWith('group') ? { groupBy: 'source' } : {};
    expect(settle({}, { method: split, ...groupBy })).toEqual({ method, folds: 5, notes: [] });
  });

  it('are drawn at random, and say why, where the rows allow no others', () => {
    expect(settle({}, { method: 'time' }, lateAttacks)).toEqual({
      method: 'stratified',
      folds: 5,
      notes: [
        'cross-validation: the folds are drawn at random, while the split is by time (folds by time-series: fold 1 of 5 trains on no row of class 1), so their figures may be too good; fewer folds, with --cv, may be like the split',
      ],
    });
    const few = settle({}, { method: 'group', groupBy: 'sensor' });
    expect(few).toMatchObject({ method: 'stratified', folds: 5 });
    expect(few.notes[0]).toContain('the split is by sensor (cannot make 5 folds of 4 groups');
    expect(settle({ folds: 4 }, { method: 'group', groupBy: 'sensor' })).toMatchObject({
      method: 'group',
      notes: [],
    });
  });
});

describe('the folds that are asked for', () => {
  it('are warned of where they are random and the split is not', () => {
    const { notes } = settle({ method: 'stratified' }, { method: 'stratified-group', groupBy: 'subnet' });
    expect(notes).toEqual([
      'cross-validation: the folds are drawn at random, while the split is by subnet, so their figures may be too good; --cv-method stratified-group makes them like the split',
    ]);
    expect(settle({ method: 'stratified' }, { method: 'random' }).notes).toEqual([]);
    expect(settle({ method: 'group' }, { method: 'time' }).notes).toEqual([]);
    expect(settle({ method: 'stratified', folds: 0 }, { method: 'time' })).toEqual({
      ...{ method: 'stratified', folds: 0, notes: [] },
    });
  });

  it('are made as asked or not at all', () => {
    const error = expectThrown(
      () => settle({ method: 'time-series' }, { method: 'time' }, lateAttacks),
      'BAD_DATA',
    );
    expect(error.message).toBe('folds by time-series: fold 1 of 5 trains on no row of class 1');
  });

  it('are as many as there are groups, where each is left out', () => {
    const asked = { method: 'leave-one-group-out' };
    expect(settle(asked, { method: 'group', groupBy: 'sensor' })).toMatchObject({ folds: 4, notes: [] });
    expect(settle({ method: 'stratified', repeats: 3 }, { method: 'random' })).toMatchObject({ folds: 5 });
  });
});
