import type { Json } from './source.js';

/** Returns a text, or the texts of a list joined by spaces; the empty text for anything else. */
export function plainText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(' ') : '';
}

/** Returns a command with what was given to it, as it was typed. */
export function commandLine(command: string, given: string): string {
  return [command, given].filter((part) => part !== '').join(' ');
}

/**
 * Returns what has to be hidden where a command such as `PASS` was given a password: the password first, and for one that
 * is too short to be looked for alone the stretch of the command line that it stands in.
 */
export function secretArguments(command: string, given: string): string[] {
  if (command.toUpperCase() !== 'PASS' || given === '') return [];
  return given.length < 4 ? [given, ` ${given}`] : [given];
}
