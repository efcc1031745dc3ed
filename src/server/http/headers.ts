import { invalidParameter } from '../../core/index.js';

/** The variable that says whose pages may frame ours, as MLflow's; here nobody's unless it says so. */
export const X_FRAME_OPTIONS = 'MLFLOW_SERVER_X_FRAME_OPTIONS';

const FRAME_ANCESTORS: Readonly<Record<string, string>> = { DENY: "'none'", SAMEORIGIN: "'self'", NONE: '*' };

/** Returns the headers of every answer, names and values in turn: nothing is cached, guessed, framed or run. Throws INVALID_PARAMETER for an unknown setting. */
export function answerHeaders(frameOptions: string | undefined): readonly string[] {
  const frames = (frameOptions || 'DENY').toUpperCase();
  const ancestors = Object.hasOwn(FRAME_ANCESTORS, frames) ? FRAME_ANCESTORS[frames] : undefined;
  if (ancestors === undefined) invalidParameter(X_FRAME_OPTIONS, 'DENY, SAMEORIGIN or NONE', frameOptions);
  return [
    ...['x-content-type-options', 'nosniff'],
    ...(frames === 'NONE' ? [] : ['x-frame-options', frames]),
    ...['content-security-policy', `default-src 'none'; frame-ancestors ${ancestors}`],
    ...['cache-control', 'no-store'],
    ...['vary', 'Origin'],
  ];
}
