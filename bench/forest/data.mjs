// The data of the benchmark, as raw files that every engine reads: row-major float32 values (.f32) and one byte a label
// (.u8). Files are made once, in bench/.scratch; a file is renamed into place when it is whole.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

export const SCRATCH = fileURLToPath(new URL('../.scratch', import.meta.url));
const NSL_COLUMNS = 41;
export const GENERATED_COLUMNS = 30;

/** A data set on disk: { name, x, y, columns, rows }. */
function dataSet(name, columns, rows) {
  return { name, x: join(SCRATCH, `${name}.f32`), y: join(SCRATCH, `${name}.u8`), columns, rows };
}

function isWhole({ x, y, columns, rows }) {
  return (
    existsSync(x) && existsSync(y) && statSync(x).size === rows * columns * 4 && statSync(y).size === rows
  );
}

function save(set, values, labels) {
  for (const [path, bytes] of [
    [set.x, values],
    [set.y, labels],
  ]) {
    writeFileSync(`${path}.part`, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    renameSync(`${path}.part`, path);
  }
  return set;
}

/** Labels of a set, as written. */
export const readLabels = ({ y }) => new Uint8Array(readFileSync(y));

/**
 * Returns NSL-KDD as { train, test, train80, test20 }, or { absent: why }. All 41 columns are numbers; the three of text
 * are codes of their values in the train set, in order, and -1 for values it does not have. The label is attack or normal.
 */
export function prepareNsl(folder) {
  const files = ['KDDTrain+.txt.gz', 'KDDTest+.txt.gz'].map((name) => join(folder, name));
  const missing = files.find((file) => !existsSync(file));
  if (missing) return { absent: `NSL-KDD: no ${missing.split(/[\\/]/).at(-1)} in the folder of --data` };
  mkdirSync(SCRATCH, { recursive: true });
  const [train, test] = files.map(readRecords);
  const codes = Array.from({ length: NSL_COLUMNS }, (_, j) => textCodes(train, j));
  const sets = { train: encode('nsl-kdd-train', train, codes), test: encode('nsl-kdd-test', test, codes) };
  return { ...sets, ...splitTrain(sets.train) };
}

function readRecords(file) {
  const text = gunzipSync(readFileSync(file)).toString('latin1');
  return text
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line) => line.split(','));
}

function textCodes(records, column) {
  const values = [...new Set(records.map((record) => record[column]))];
  return values.every((value) => Number.isFinite(Number(value)))
    ? null
    : new Map(values.sort().map((value, code) => [value, code]));
}

function encode(name, records, codes) {
  const set = dataSet(name, NSL_COLUMNS, records.length);
  const values = new Float32Array(records.length * NSL_COLUMNS);
  records.forEach((record, i) => {
    for (let j = 0; j < NSL_COLUMNS; j++)
      values[i * NSL_COLUMNS + j] = codes[j] ? (codes[j].get(record[j]) ?? -1) : Number(record[j]);
  });
  return save(
    set,
    values,
    Uint8Array.from(records, (record) => Number(record[NSL_COLUMNS] !== 'normal')),
  );
}

/** Splits the train set 80 to 20, its rows shuffled with a fixed seed. */
function splitTrain(train) {
  const values = readFileSync(train.x);
  const labels = readLabels(train);
  const order = Uint32Array.from(labels.keys());
  const next = uniform(20);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const cut = Math.round(order.length * 0.8);
  const stride = train.columns * 4;
  const part = (name, rows) => {
    const bytes = Buffer.alloc(rows.length * stride);
    rows.forEach((row, i) => {
      values.copy(bytes, i * stride, row * stride, (row + 1) * stride);
    });
    return save(
      dataSet(name, train.columns, rows.length),
      bytes,
      Uint8Array.from(rows, (row) => labels[row]),
    );
  };
  return {
    train80: part('nsl-kdd-80', order.subarray(0, cut)),
    test20: part('nsl-kdd-20', order.subarray(cut)),
  };
}

/** Returns a function of uniform numbers in [0, 1) that a seed determines (mulberry32). */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const CHUNK = 50_000;

/**
 * Returns a generated set of `rows` × 30: 12 normal columns, 10 of whole numbers (2 to 100,000 levels), 8 skewed ones
 * (half of them mostly 0), and a label that depends on 9 of them by thresholds, products and a wave, with noise.
 * Every chunk of 50,000 rows has its seed, so 1,000,000 rows are the first of 10,000,000.
 */
export function prepareGenerated(name, rows, seed = 1) {
  const set = dataSet(`${name}-${rows}-v1`, GENERATED_COLUMNS, rows);
  if (isWhole(set)) return set;
  mkdirSync(SCRATCH, { recursive: true });
  const files = [set.x, set.y].map((path) => openSync(`${path}.part`, 'w'));
  for (let from = 0; from < rows; from += CHUNK) {
    const n = Math.min(CHUNK, rows - from);
    const { values, labels } = generateChunk(n, seed * 1_000_003 + from / CHUNK);
    writeWhole(files[0], new Uint8Array(values.buffer));
    writeWhole(files[1], labels);
  }
  for (const file of files) closeSync(file);
  for (const path of [set.x, set.y]) renameSync(`${path}.part`, path);
  return set;
}

function writeWhole(file, bytes) {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

function generateChunk(rows, seed) {
  const next = uniform(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const values = new Float32Array(rows * GENERATED_COLUMNS);
  const labels = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * GENERATED_COLUMNS, (i + 1) * GENERATED_COLUMNS);
    for (let j = 0; j < 12; j++) row[j] = normal();
    for (let j = 12; j < 22; j++) row[j] = Math.floor(next() * LEVELS[j - 12]);
    for (let j = 22; j < 26; j++) row[j] = Math.exp(1.5 * normal());
    for (let j = 26; j < 30; j++) row[j] = next() < 0.8 ? 0 : Math.floor(-50 * Math.log(1 - next()));
    labels[i] = signal(row) + 1.2 * normal() > 0 ? 1 : 0;
  }
  return { values, labels };
}

const LEVELS = [2, 3, 5, 10, 20, 50, 100, 1000, 10_000, 100_000];

function signal(row) {
  return (
    (row[0] > 0.3 ? 0.8 : -0.6) +
    row[1] * row[2] +
    Math.sin(2 * row[3]) +
    (row[14] >= 3 ? 0.5 : -0.4) +
    (row[20] < 2500 ? 0.7 : -0.2) +
    (row[22] > 1.5 && row[12] === 1 ? 1 : -0.3) +
    (row[26] > 0 ? 0.6 : -0.2)
  );
}

const ATTACKS = ['login_failed', 'sqli_attempt', 'command', 'connect', 'mail_from', 'rcpt_to', 'data'];

/** Returns the reference's set, 220 × 1: payload lengths and labels of its week-6 file, or made up where it is absent. */
export function prepareReference(file) {
  mkdirSync(SCRATCH, { recursive: true });
  const known = existsSync(file);
  const events = known ? parse(readFileSync(file), { columns: true, bom: true }) : [];
  const lengths = known
    ? Float32Array.from(events, ({ data }) => (data === '' ? 3 : Array.from(data).length))
    : Float32Array.from({ length: 220 }, (_, i) => (i * 7919) % 397);
  const labels = known
    ? Uint8Array.from(events, ({ event }) => Number(ATTACKS.includes(event)))
    : Uint8Array.from(lengths, (n, i) => (n % 5 < 2 ? i % 2 : Number(n > 150)));
  const set = save(dataSet('reference', 1, lengths.length), lengths, labels);
  return { ...set, source: known ? 'week 6' : 'generated' };
}
