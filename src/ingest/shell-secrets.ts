import type { SecretRange } from './secret-range.js';

const WORD = /[^\s;|&()`]+|[\n;|&()`]/g;
const OPERATORS = /^[\n;|&()`]$/;
const MAX_QUOTED_LENGTH = 1024;
const HINT = /mysql|sshpass|chpasswd|login attempt \[/i;

/** What the words of one line have said so far. */
interface Line {
  /** The command whose `-p` holds a password. */
  client: 'mysql' | 'sshpass' | undefined;
  /** The word after this one is the password. */
  passwordIsNext: boolean;
  /** Where the last `echo` or `printf` ended, and where the last pipe after it stands. */
  echoedFrom: number | undefined;
  pipeAt: number | undefined;
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
  let line = newLine();
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    const [word] = match;
    const from = match.index;
    if (OPERATORS.test(word)) {
      if (word === '\n') line = newLine();
      line.client = undefined;
      line.passwordIsNext = false;
      if (word === '|') line.pipeAt = from;
      continue;
    }
    const start = passwordStart(word, line);
    if (start !== undefined) {
      const range = valueAt(text, from + start, from + word.length);
      ranges.push(range);
      WORD.lastIndex = Math.max(WORD.lastIndex, range.to);
    } else {
      const echoed = takeCommand(text, { word, from }, line);
      if (echoed !== undefined) ranges.push(echoed);
    }
  }
  return ranges.filter(({ from, to }) => to > from);
}

function newLine(): Line {
  return { client: undefined, passwordIsNext: false, echoedFrom: undefined, pipeAt: undefined };
}

/** Returns where in the word a password starts, or undefined where the word holds none. */
function passwordStart(word: string, line: Line): number | undefined {
  if (line.passwordIsNext) {
    line.passwordIsNext = false;
    line.client = undefined;
    return 0;
  }
  if (line.client === undefined || !word.startsWith('-p')) {
    if (line.client === 'sshpass' && !word.startsWith('-')) line.client = undefined;
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

/** Notes the command that a word names; returns what was echoed into chpasswd after the user's name. */
function takeCommand(
  text: string,
  { word, from }: { readonly word: string; readonly from: number },
  line: Line,
): SecretRange | undefined {
  const name = commandName(word);
  if (/^mysql[a-z]{0,16}$/i.test(name)) line.client = 'mysql';
  else if (name === 'sshpass') line.client = 'sshpass';
  else if (name === 'echo' || name === 'printf') {
    line.echoedFrom = from + word.length;
    line.pipeAt = undefined;
  } else if (name === 'chpasswd' && line.echoedFrom !== undefined && line.pipeAt !== undefined) {
    const colon = text.slice(line.echoedFrom, line.pipeAt).indexOf(':');
    const range = { from: line.echoedFrom + colon + 1, to: line.pipeAt };
    line.echoedFrom = undefined;
    if (colon >= 0) return withoutQuotes(text, range);
  }
  return undefined;
}

function commandName(word: string): string {
  const { from, to } = withoutQuotes(word, { from: 0, to: word.length });
  const name = word.slice(from, to);
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Returns the value that starts at `from`: up to its closing quote where it has one, else to the end of the word. */
function valueAt(text: string, from: number, wordEnd: number): SecretRange {
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    const length = text.slice(from + 1, from + 1 + MAX_QUOTED_LENGTH).indexOf(quote);
    if (length >= 0) return { from: from + 1, to: from + 1 + length };
  }
  return withoutQuotes(text, { from, to: wordEnd });
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
