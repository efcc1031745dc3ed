import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FeatureMatrix, FeatureSpec, Labels } from '#src/data/index.js';

const FOLDER = new URL('../../../shared/data/nsl-kdd/', import.meta.url);
const FILES = ['KDDTrain+.txt.gz', 'KDDTest+.txt.gz'] as const;
/** The columns of text: protocol, service, flag. */
const TEXTS = [1, 2, 3];
const N_FEATURES = 41;

/** Why tests on NSL-KDD are skipped; undefined where it is there. */
export const reasonToSkipNslKdd: string | undefined = FILES.every((name) => existsSync(new URL(name, FOLDER)))
  ? undefined
  : 'no ../shared/data/nsl-kdd';

/** A part of the train set to fit on, and the whole test set, which has services that the train set has not. */
export interface NslKdd {
  readonly train: FeatureMatrix;
  readonly labels: Labels;
  readonly test: FeatureMatrix;
}

/**
 * Returns NSL-KDD with its columns of text as categories (`native`) or as numbers, -1 for a text of the test set alone;
 * the label is attack or not, or (`three`) normal, neptune or another.
 */
export function readNslKdd(form: { native: boolean; three: boolean; everyNth: number }): NslKdd {
  const [all, test] = FILES.map(readRecords) as [string[][], string[][]];
  const train = all.filter((_, i) => i % form.everyNth === 0);
  const lists = TEXTS.map((j) => [...new Set(train.map((record) => record[j]!))].sort());
  const features = Array.from({ length: N_FEATURES }, (_, j): FeatureSpec => {
    const categories = lists[TEXTS.indexOf(j)];
    const name = `f${j}`;
    return categories && form.native ? { name, type: 'categorical', categories } : { name, type: 'numeric' };
  });
  const matrix = (records: readonly string[][]): FeatureMatrix => {
    const values = new Float32Array(records.length * N_FEATURES);
    values.forEach((_, i) => {
      const [row, j] = [Math.floor(i / N_FEATURES), i % N_FEATURES];
      const text = records[row]![j]!;
      values[i] = lists[TEXTS.indexOf(j)]?.indexOf(text) ?? Number(text);
    });
    return { nSamples: records.length, features, values };
  };
  const classes = form.three ? ['neptune', 'normal', 'other'] : [0, 1];
  const code = (kind: string) =>
    form.three ? ['neptune', 'normal', kind].indexOf(kind) : Number(kind !== 'normal');
  const codes = Uint16Array.from(train, (record) => code(record[N_FEATURES]!));
  return { train: matrix(train), labels: { classes, codes }, test: matrix(test) };
}

function readRecords(name: string): string[][] {
  const text = gunzipSync(readFileSync(new URL(name, FOLDER))).toString('latin1');
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines.map((line) => line.split(','));
}
