import { programCall } from '../core/index.js';

/** Words a shell takes as they stand. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** User and password of a server's address: what is printed may end in a log. */
const CREDENTIALS = /(https?:\/\/)[^/]*@/i;

/** Returns a command of the program as it is typed in a shell, but for the credentials of an address. */
export function commandLine(words: readonly string[]): string {
  return [programCall(), ...words.map((word) => quoted(word.replace(CREDENTIALS, '$1…@')))].join(' ');
}

function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Returns words that were typed without a flag and its value, given as one word or two. */
export function withoutFlag(words: readonly string[], flag: string): string[] {
  return words.filter((word, i) => word !== flag && words[i - 1] !== flag && !word.startsWith(`${flag}=`));
}
