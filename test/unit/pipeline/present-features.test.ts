import { describe, expect, it } from 'vitest';
import { describeFeatures } from '#src/features/index.js';
import { eventsFromRecords } from '#src/ingest/index.js';
import { type FeatureRecipe, fitPipeline, presentFeatures } from '#src/pipeline/fit-features.js';
import { expectThrown } from '../../support/expect-thrown.js';

const recipe = (names: FeatureRecipe['features']['names'], labelColumn?: string): FeatureRecipe => ({
  features: { names, emptyAs: 'zero' },
  table: undefined,
  labelColumn,
});
const WEEK6 = eventsFromRecords([
  { honeypot_type: 'http', event: 'x', data: null, port: 80, path: '/a', method: 'GET', user_agent: 'curl' },
]);
const FORM = eventsFromRecords([
  { 'event.dataset': 'cowrie', '@timestamp': 0, 'event.category': 'session' },
  { 'event.dataset': 'cowrie', '@timestamp': 1, 'process.command_line': 'wget', 'user.name': 'root' },
]);
const ofSet = (set: string) => describeFeatures().flatMap((f) => (f.set === set ? [f.name] : []));

const ALL: FeatureRecipe['features'][] = [
  { names: 'all', emptyAs: 'zero' },
  { names: ['all'], emptyAs: 'zero' },
];

describe('presentFeatures', () => {
  it.each(ALL)('of week 6 leaves $names to be what it was', ({ names }) => {
    expect(presentFeatures(recipe(names), WEEK6).names).toBe(names);
    const matrix = fitPipeline(recipe(names), WEEK6).transform(WEEK6);
    expect(matrix.features.map((f) => f.name)).toEqual(ofSet('every-log'));
  });

  it.each(ALL)('of the event form takes $names for what has a value in some event', ({ names }) => {
    const present = presentFeatures(recipe(names), FORM);
    expect(present.names).toEqual([
      ...ofSet('event-form').filter((name) => name.startsWith('command_')),
      ...['user_length', 'user_class', 'category', 'hour_sin', 'hour_cos', 'weekday'],
    ]);
    expect(fitPipeline({ ...recipe(names), features: present }, FORM).transform(FORM).features).toHaveLength(
      24,
    );
  });

  it('makes no feature of the label, by either of its names', () => {
    expect(presentFeatures(recipe('all', 'event.category'), FORM).names).not.toContain('category');
    expect(presentFeatures(recipe('all', 'user.name'), FORM).names).not.toContain('user_length');
    const matrix = fitPipeline(recipe('all', 'honeypot_type'), WEEK6).transform(WEEK6);
    expect(matrix.features.map((f) => f.name)).not.toContain('protocol');
  });

  it('takes those of the event form by name from week 6, and refuses one whose field is not there', () => {
    const matrix = fitPipeline(recipe(['url_length', 'port_service']), WEEK6).transform(WEEK6);
    expect([...matrix.values, matrix.features[1]!.categories]).toEqual([2, 0, ['http']]);
    const error = expectThrown(() => presentFeatures(recipe(['command_length']), WEEK6), 'BAD_DATA');
    expect(error.message).toBe(
      'feature command_length is made from column "process.command_line", which the file does not have',
    );
  });
});
