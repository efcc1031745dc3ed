import { isDeepStrictEqual } from 'node:util';
import type { MlflowDifferenceId } from '#src/mlflow/index.js';
import { type Answer, type Call, send } from './call.js';
import { type Expected, fill, pick, type Step } from './case.js';
import { Normaliser } from './normalise.js';

/** One answered step: the call as it was sent, the answer as it came and as it is compared. */
export interface Answered {
  readonly step: Step;
  readonly call: Call;
  readonly raw: Answer;
  readonly answer: Answer;
}

/** A server and the folder it runs in. */
export interface Server {
  readonly uri: string;
  readonly folder?: string;
}

/** Sends the steps in order to the server, each with `values` and what was kept from those before it. */
export async function runSequence(
  { uri, folder }: Server,
  steps: readonly Step[],
  values: Readonly<Record<string, string>> = {},
): Promise<Answered[]> {
  const normaliser = new Normaliser(folder);
  const kept = new Map(Object.entries(values));
  const answered: Answered[] = [];
  for (const step of steps) {
    const call = fill(step.call, kept);
    const raw = await send(uri, call);
    for (const [name, path] of Object.entries(step.keep ?? {})) {
      const value = pick(raw, path);
      if (value !== undefined) kept.set(name, value);
    }
    // What only one of the two makes must not shift the numbers of what both make.
    const own = step.differs === undefined ? normaliser : normaliser.copy();
    answered.push({ step, call, raw, answer: own.answer(raw) });
    // Two changes in one millisecond, which only one server manages, would not be ordered by their times.
    if (call.method !== 'GET') await nextMillisecond();
  }
  return answered;
}

async function nextMillisecond(): Promise<void> {
  for (const now = Date.now(); Date.now() === now; ) await new Promise((done) => setImmediate(done));
}

/** The differences on purpose that were met. */
export const metDifferences = new Set<MlflowDifferenceId>();

/**
 * What differs without being in the table, or is in it and does not differ as it says; with `isItself`, of a second
 * MLflow, all that differs.
 */
export function compareAnswers(
  mlflow: readonly Answered[],
  other: readonly Answered[],
  { isItself = false } = {},
): string[] {
  return mlflow.flatMap((theirs, index) => {
    const ours = other[index]!;
    const same = isDeepStrictEqual(theirs.answer, ours.answer);
    const why = isItself ? (same ? undefined : 'not equal') : explain(theirs, ours);
    return why === undefined ? [] : [showFinding(theirs, ours, why)];
  });
}

function explain(theirs: Answered, ours: Answered): string | undefined {
  const isEqual = isDeepStrictEqual(theirs.answer, ours.answer);
  const { differs } = theirs.step;
  if (isEqual && (differs?.orEqual ?? differs === undefined)) return undefined;
  const rule = Object.entries(RULES).find(([, holds]) => holds(theirs, ours));
  if (rule !== undefined) {
    metDifferences.add(rule[0] as MlflowDifferenceId);
    return undefined;
  }
  if (differs === undefined) return 'not equal';
  if (isEqual) return `equal, though it refers to the difference ${differs.id}`;
  if (!isAsExpected(ours, differs.ours)) return `not as the difference ${differs.id} says`;
  metDifferences.add(differs.id);
  return undefined;
}

function showFinding(theirs: Answered, ours: Answered, why: string): string {
  const [mlflow, other] = [theirs, ours].map(({ answer }) => short(JSON.stringify(answer)));
  return `${showCall(theirs.step.call)}\n  ${why}\n  mlflow ${mlflow}\n  other  ${other}`;
}

type Rule = (theirs: Answered, ours: Answered) => boolean;

/** The differences on purpose that hold at any step, and need no mark there. */
const RULES: Partial<Record<MlflowDifferenceId, Rule>> = {
  'refused-not-crashed': (theirs, ours) =>
    theirs.raw.status === 500 &&
    pick(theirs.raw, 'error_code') !== 'INVALID_STATE' &&
    isAsExpected(ours, { status: 400, errorCode: 'INVALID_PARAMETER_VALUE' }),
  'errors-in-one-form': (theirs, ours) =>
    theirs.raw.status >= 400 &&
    theirs.raw.status < 500 &&
    pick(theirs.raw, 'error_code') === undefined &&
    pick(ours.raw, 'error_code') !== undefined &&
    ours.raw.status === theirs.raw.status,
};

function isAsExpected({ raw, answer }: Answered, { status, errorCode, body }: Expected): boolean {
  if (raw.status !== status) return false;
  if (body !== undefined && !isDeepStrictEqual(answer.body, body)) return false;
  return errorCode === undefined || pick(raw, 'error_code') === errorCode;
}

/** The call in one line, long values cut. */
export function showCall({ method, path, query, json, text, headers }: Call): string {
  const parts = [method, path];
  if (query !== undefined && Object.keys(query).length > 0) parts.push(`?${short(JSON.stringify(query))}`);
  if (json !== undefined) parts.push(short(JSON.stringify(json)));
  if (text !== undefined) parts.push(`body ${short(String(text))}`);
  if (headers !== undefined) parts.push(JSON.stringify(headers));
  return parts.join(' ');
}

const short = (text: string) =>
  text.replace(/(.)\1{60,}/g, (run, letter: string) => `${letter.repeat(3)}…(${run.length})`).slice(0, 1_500);
