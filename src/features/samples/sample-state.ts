import { z } from 'zod';
import { canonicalJson, PhantomNetError, show } from '../../core/index.js';
import {
  damagedState,
  EventHistory,
  LiveHistory,
  LONGEST_MS,
  type ObservedEvent,
  WINDOWS,
} from '../history/index.js';
import { BegunSessions } from './begun-sessions.js';
import type { SampleSpec } from './sample-spec.js';

const schema = z.strictObject({
  of: z.record(z.string(), z.unknown()),
  sessions: z.array(z.tuple([z.string().length(32), z.number()])),
});

type Terms = z.infer<typeof schema>['of'];

/**
 * What the samples of one file leave to those of the next: the history, with the last events, before which some of the next
 * file may belong, and the sessions that have begun. It fits samples that are made with the same options.
 */
export class SampleState {
  readonly live: LiveHistory;
  readonly sessions: BegunSessions;
  readonly #of: Terms;

  private constructor(live: LiveHistory, { of, sessions }: z.infer<typeof schema>) {
    this.live = live;
    this.sessions = new BegunSessions(sessions);
    this.#of = of;
  }

  /** Returns the state before the first file. */
  static empty(sample: SampleSpec): SampleState {
    const live = new LiveHistory(new EventHistory());
    return new SampleState(live, { of: termsOf(sample, live), sessions: [] });
  }

  /**
   * Returns the state that bytes of `settle` hold. Throws CONFLICT, naming the option and both values, where it is of samples
   * that are made otherwise, INTEGRITY for damage, UNSUPPORTED for another version.
   */
  static fromBytes(bytes: Uint8Array, sample: SampleSpec): SampleState {
    const live = LiveHistory.fromBytes(bytes);
    const about = schema.safeParse(live.about);
    if (!about.success) throw damagedState('it does not say which samples it is of');
    const empty = SampleState.empty(sample);
    for (const [option, ours] of Object.entries(empty.#of)) {
      const theirs = Object.hasOwn(about.data.of, option) ? about.data.of[option] : undefined;
      if (!isSame(theirs, ours)) throw otherSamples(option, { theirs, ours });
    }
    return new SampleState(live, { of: empty.#of, sessions: about.data.sessions });
  }

  /**
   * Ends the file: returns the bytes for the next one, in which the last events still wait, and those events, observed as
   * if nothing came before them any more. Nothing may be observed after it.
   */
  settle(): { readonly bytes: Uint8Array; readonly observed: ObservedEvent[] } {
    const { live, sessions } = this;
    const clockMs = live.history.last?.timeMs ?? Number.NEGATIVE_INFINITY;
    live.about = { of: this.#of, sessions: sessions.since(clockMs - LONGEST_MS) };
    return { bytes: live.toBytes(), observed: live.flush() };
  }
}

/** Returns whether two options are the same. Throws INTEGRITY for one that is nested too deep to be ours. */
function isSame(theirs: unknown, ours: unknown): boolean {
  try {
    return canonicalJson([theirs]) === canonicalJson([ours]);
  } catch {
    throw damagedState('an option of its samples is nested too deep');
  }
}

/** What a state and the samples that go on from it must agree in. */
function termsOf({ unit, where, until, maxSeconds }: SampleSpec, { history }: LiveHistory): Terms {
  return {
    'sample.unit': unit,
    'sample.where': where ?? null,
    'sample.until': until ?? null,
    'sample.maxSeconds': maxSeconds ?? null,
    'history windows': WINDOWS.map(({ name }) => name),
    'history options': history.options,
  };
}

function otherSamples(
  option: string,
  { theirs, ours }: { readonly theirs: unknown; readonly ours: unknown },
): PhantomNetError {
  return new PhantomNetError(
    'CONFLICT',
    `the state is of other samples: ${option} is ${show(theirs)} there, ${show(ours)} of the model`,
    {
      hint: 'name the state of this model, or a new file, and predict the logs of the last day first',
      details: { option, state: theirs ?? null, model: ours },
    },
  );
}
