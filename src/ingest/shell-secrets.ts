import type { SecretRange } from './secret-range.js';

const WORD = /[^\s;|&()`]+|[\n;|&()`]/g;
const OPERATORS = /^[\n;|&()`]$/;
/** Where the pair of another user begins in what is echoed: on the next line, also where printf makes it. */
const NEXT_PAIR = /(?:\r?\n|\\n)(?=[^:\r\n]{0,256}:)/;
const MAX_QUOTED_LENGTH = 1024;
const HINT = /mysql|sshpass|chpasswd|login attempt \[/i;

/** What the words of one line have said so far. */
interface Line {
  /** The command whose `-p` holds a password. */
  client: 'mysql' | 'sshpass' | undefined;
  /** The quote in which that command stands: operators inside others do not end it. */
  clientQuote: string | undefined;
  /** The word after this one is the password. */
  passwordIsNext: boolean;
  /** What each `echo` or `printf` was given; the last is open until a pipe or the end of the line. */
  readonly echoed: Echoed[];
  /** How many groups of commands are open, and how many outermost ones there were: a pipe behind one takes all that is echoed in it. */
  readonly groups: { depth: number; count: number };
}

interface Echoed {
  readonly from: number;
  to: number | undefined;
  firstOperator?: number;
  /** The group of commands in which it stands; undefined outside of any. */
  readonly group: number | 'quoted' | undefined;
}

/**
 * Returns the passwords of shell commands (`mysql -pX`, `sshpass -p X`, `echo user:X | chpasswd`) and of log lines that
 * quote a log-in (`login attempt [user/X]`). Reads each word once, so the cost is O(length) whatever the text.
 */
export function shellSecrets(text: string): SecretRange[] {
  return HINT.test(text) ? [...commandSecrets(text), ...attemptSecrets(text)] : [];
}

function commandSecrets(text: string): SecretRange[] {
  const ranges: SecretRange[] = [];
  const quotes = new OpenQuote(text);
  let line = newLine();
  /** Whether a command's name stands next. */
  let isFirst = true;
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    const [word] = match;
    const from = match.index;
    if (OPERATORS.test(word)) {
      isFirst = true;
      if (word === '\n' && isContinued(text, from)) continue;
      if (quotes.open === undefined && word === '\n') line = newLine();
      if (quotes.open === undefined) takeOperator(word, from, line);
      if (quotes.open === line.clientQuote) endClient(line);
      continue;
    }
    const start = passwordStart(word, line);
    if (start === undefined) {
      quotes.read(from, WORD.lastIndex);
      for (const range of takeCommand(text, { word, from, isFirst, quote: quotes.open }, line))
        ranges.push(range);
    } else {
      quotes.read(from, from + start);
      const range = valueAt(text, from + start, quotes.open);
      ranges.push(range);
      WORD.lastIndex = Math.max(WORD.lastIndex, range.to);
      quotes.read(from + start, WORD.lastIndex);
    }
    isFirst = false;
  }
  return ranges.filter(({ from, to }) => to > from);
}

/** The quote that is open at the end of what was read; one that nothing closes opens nothing. */
class OpenQuote {
  open: string | undefined;
  readonly #text: string;
  readonly #last: ReadonlyMap<string, number>;

  constructor(text: string) {
    this.#text = text;
    this.#last = new Map(['"', "'"].map((quote) => [quote, text.lastIndexOf(quote)]));
  }

  read(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const char = this.#text[at]!;
      if (char === '\\') at++;
      else if (char === this.open) this.open = undefined;
      else if (this.open === undefined && (this.#last.get(char) ?? -1) > at) this.open = char;
    }
  }
}

function newLine(): Line {
  return {
    client: undefined,
    clientQuote: undefined,
    passwordIsNext: false,
    echoed: [],
    groups: { depth: 0, count: 0 },
  };
}

function endClient(line: Line): void {
  line.client = undefined;
  line.passwordIsNext = false;
}

/** A pipe ends what is echoed; other operators may stand in a password that was typed without quotes. */
function takeOperator(operator: string, from: number, line: Line): void {
  takeGroup(operator, line);
  const last = line.echoed.at(-1);
  if (last === undefined) return;
  if (operator === '|') last.to ??= from;
  else last.firstOperator ??= from;
}

function takeGroup(bracket: string, { groups }: Line): void {
  if (bracket === '(' || bracket === '{') {
    if (groups.depth++ === 0) groups.count++;
  } else if ((bracket === ')' || bracket === '}') && groups.depth > 0) groups.depth--;
}

/** Whether the line goes on behind a backslash. */
function isContinued(text: string, newLineAt: number): boolean {
  return /\\\r?$/.test(text.slice(Math.max(0, newLineAt - 2), newLineAt));
}

/** Returns where in the word a password starts, or undefined where the word holds none. */
function passwordStart(word: string, line: Line): number | undefined {
  if (line.passwordIsNext && word !== '\\') {
    endClient(line);
    return 0;
  }
  if (line.client === undefined || !word.startsWith('-p')) {
    if (line.client === 'sshpass' && !/^[-\\]/.test(word)) line.client = undefined;
    return undefined;
  }
  if (word.length > 2) {
    if (line.client === 'sshpass') line.client = undefined;
    return 2;
  }
  // `mysql -p db` asks for the password; `sshpass -p X` is told it.
  line.passwordIsNext = line.client === 'sshpass';
  return undefined;
}

interface Word {
  readonly word: string;
  readonly from: number;
  readonly isFirst: boolean;
  readonly quote: string | undefined;
}

/** Notes the command that a word names; returns what was echoed into chpasswd after the names of users. */
function takeCommand(text: string, { word, from, isFirst, quote }: Word, line: Line): SecretRange[] {
  const name = commandName(word);
  if (/^mysql[a-z]{0,16}$/.test(name)) [line.client, line.clientQuote] = ['mysql', quote];
  else if (name === 'sshpass') [line.client, line.clientQuote] = ['sshpass', quote];
  else if (name === 'echo' || name === 'printf') {
    // Behind a pipe it is a file: `tee /tmp/echo`.
    const last = line.echoed.at(-1);
    if (!isFirst && last?.to !== undefined) return [];
    if (last !== undefined) last.to ??= last.firstOperator ?? from;
    line.echoed.push({ from: from + word.length, to: undefined, group: groupOf(line, quote) });
  } else if (name === 'chpasswd' && line.echoed.at(-1)?.to !== undefined) {
    const piped = pipedTo(groupOf(line, quote), line.echoed.splice(0));
    return piped.flatMap(({ from: start, to }) => pairsIn(text, { from: start, to: to! }));
  } else if (quote === undefined) takeGroup(word, line);
  return [];
}

function groupOf({ groups }: Line, quote: string | undefined): Echoed['group'] {
  if (quote !== undefined) return 'quoted';
  return groups.depth > 0 ? groups.count : undefined;
}

/** Returns what goes through the pipe to a command of this group: the last that is echoed, with all of its own group where that ended. */
function pipedTo(group: Echoed['group'], echoed: readonly Echoed[]): readonly Echoed[] {
  const own = echoed.at(-1)?.group;
  return own === undefined || own === group ? echoed.slice(-1) : echoed.filter((one) => one.group === own);
}

/** Returns the passwords of `user:password` lines. */
function pairsIn(text: string, { from, to }: SecretRange): SecretRange[] {
  const ranges: SecretRange[] = [];
  let at = from;
  for (const pair of text.slice(from, to).split(NEXT_PAIR)) {
    const start = text.indexOf(pair, at);
    const colon = pair.indexOf(':');
    at = start + pair.length;
    if (colon >= 0) ranges.push(withoutQuotes(text, { from: start + colon + 1, to: at }));
  }
  return ranges;
}

function commandName(word: string): string {
  const { from, to } = withoutQuotes(word, { from: 0, to: word.length });
  const name = word.slice(from, to);
  return name.slice(name.lastIndexOf('/') + 1).toLowerCase();
}

/** Returns the value that starts at `from`: what is in its quotes where it is all in them, else the word as a shell reads it. */
function valueAt(text: string, from: number, outer: string | undefined): SecretRange {
  let at = from;
  while (at < text.length && !/[\s;|&()`]/.test(text[at]!) && text[at] !== outer) {
    const length = text[at] === '\\' ? escapedLength(text, at) : quotedLength(text, at);
    if (at === from && length > 1 && text[at] !== '\\' && isWordEnd(text, at + length, outer))
      return { from: at + 1, to: at + length - 1 };
    at += length;
  }
  return withoutQuotes(text, { from, to: Math.min(at, text.length) });
}

/** A backslash takes the next character with it, but no end of the line. */
function escapedLength(text: string, at: number): number {
  return at + 1 < text.length && !/[\r\n]/.test(text[at + 1]!) ? 2 : 1;
}

function quotedLength(text: string, at: number): number {
  const quote = text[at]!;
  if (quote !== '"' && quote !== "'") return 1;
  return text.slice(at + 1, at + 1 + MAX_QUOTED_LENGTH).indexOf(quote) + 2;
}

function isWordEnd(text: string, at: number, outer: string | undefined): boolean {
  if (at >= text.length || text[at] === outer || /[\s;|&()`]/.test(text[at]!)) return true;
  return text[at] === '\\' && /["']/.test(text[at + 1] ?? '');
}

/** Returns the range without the quotes and white space around it. */
function withoutQuotes(text: string, range: SecretRange): SecretRange {
  let { from, to } = range;
  while (from < to && ` \t"'`.includes(text[from]!)) from++;
  while (to > from && ` \t"'\\`.includes(text[to - 1]!)) to--;
  return { from, to };
}

function attemptSecrets(text: string): SecretRange[] {
  const ranges: SecretRange[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const attempt = /login attempt \[/gi;
    while (attempt.exec(line) !== null) {
      const user = attempt.lastIndex;
      const end = closingBracket(line, user);
      const slash = line.slice(user, end).indexOf('/');
      if (slash >= 0) ranges.push(withoutLiteral(line, { from: user + slash + 1, to: end }, offset));
      attempt.lastIndex = end;
    }
    offset += line.length + 1;
  }
  return ranges.filter(({ from, to }) => to > from);
}

/** Returns where the bracket closes: at one that ends a word, since a password may hold others; else at the line's end. */
function closingBracket(line: string, from: number): number {
  for (let at = line.indexOf(']', from); at >= 0; at = line.indexOf(']', at + 1))
    if (at + 1 === line.length || /[\s,.;]/.test(line[at + 1]!)) return at;
  return line.length;
}

/** Python's `b'…'`, as newer sensors write both parts, is no part of the password. */
function withoutLiteral(line: string, { from, to }: SecretRange, offset: number): SecretRange {
  const isBytes = line[from] === 'b' && line[from + 1] === "'" && line[to - 1] === "'" && to - from > 2;
  return isBytes
    ? { from: offset + from + 2, to: offset + to - 1 }
    : { from: offset + from, to: offset + to };
}
