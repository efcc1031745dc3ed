import { type ErrorCode, PhantomNetError } from '../core/index.js';

/** SQLite's primary result codes that mean something to the user; sqlite.org/rescode.html. */
const MEANING: Readonly<Record<number, readonly [ErrorCode, string, string]>> = {
  5: ['UNAVAILABLE', 'is locked by another process', 'try again when the other process is done'],
  6: ['UNAVAILABLE', 'is locked by another process', 'try again when the other process is done'],
  8: ['PERMISSION_DENIED', 'cannot be written', 'check the permissions of the file and of its folder'],
  10: ['UNAVAILABLE', 'could not be read or written', 'check the disk and its free space'],
  11: ['INTEGRITY', 'is damaged', 'restore it from a backup, or salvage it with sqlite3 and .recover'],
  13: ['UNAVAILABLE', 'could not grow: the disk is full', 'free some space and try again'],
  14: ['UNAVAILABLE', 'cannot be opened', 'check that the folder exists and may be written'],
  19: [
    'CONFLICT',
    'refuses a row that breaks a constraint',
    'another program may have changed it; try again',
  ],
  26: [
    'INTEGRITY',
    'is not an SQLite database',
    'give the path of another file, or of one that does not exist',
  ],
};

/** Returns the PhantomNetError that says what an error of either SQLite library means for the file at `path`. */
export function sqliteError(error: unknown, path: string): PhantomNetError {
  if (error instanceof PhantomNetError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const resultCode = resultCodeOf(error, text);
  const [code, meaning, hint] = MEANING[resultCode & 0xff] ?? [
    'INTERNAL',
    'failed',
    'report this as a defect',
  ];
  return new PhantomNetError(code, `database ${path} ${meaning} (${text})`, {
    hint,
    details: { path, resultCode },
    cause: error,
  });
}

/** Returns whether an error of the database says that another process holds its lock. */
export function isBusy(error: PhantomNetError): boolean {
  const code = Number(error.details?.['resultCode']) & 0xff;
  return code === 5 || code === 6;
}

/** Returns whether an error of the database says that there is no room for a file. */
export function isFull(error: PhantomNetError): boolean {
  return (Number(error.details?.['resultCode']) & 0xff) === 13;
}

/** node:sqlite says `errcode`, libsql `rawCode`, and libsql's failure to open only says it in the text. */
function resultCodeOf(error: unknown, text: string): number {
  const fields = error as { errcode?: unknown; rawCode?: unknown } | null;
  if (typeof fields?.errcode === 'number') return fields.errcode;
  if (typeof fields?.rawCode === 'number') return fields.rawCode;
  const opening = /Unable to open connection.*: (\d+)/.exec(text);
  return opening === null ? 0 : Number(opening[1]);
}
