/** One command of a command line. */
export interface ShellCommand {
  /** The name of its program, without folder; empty where there is none. */
  readonly name: string;
  /** All its words without quotes, the program and files it writes to among them. */
  readonly words: readonly string[];
  /** The files it writes its output to. */
  readonly writes: readonly string[];
}

/** Words that run the command behind them. */
const RUNNERS: ReadonlySet<string> = new Set([
  ...[
    'sudo',
    'nohup',
    'busybox',
    'env',
    'exec',
    'time',
    'command',
    'setsid',
    'nice',
    'then',
    'do',
    'else',
    'if',
    '!',
  ],
]);
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh']);
/** Ends a command, outside quotes. */
const ENDS: ReadonlySet<string> = new Set([...';|&\n\r`(){}']);
/** A shell in a shell in a shell: deeper, what is said is one word. */
const MAX_DEPTH = 3;

/**
 * Returns the commands of a line, in order: what `;`, `|`, `&`, new lines and `$( )` part, and those that a shell is told
 * with `-c`. Knows quotes and backslashes, and expands nothing. Reads each character at most a fixed number of times, so the
 * cost is O(length) whatever the text.
 */
export function shellCommands(line: string, depth = 0): ShellCommand[] {
  return splitCommands(line).flatMap((words) => {
    const command = commandOf(words);
    const told = depth < MAX_DEPTH ? toldShell(command) : undefined;
    return told === undefined ? [command] : [command, ...shellCommands(told, depth + 1)];
  });
}

function commandOf(parts: readonly string[]): ShellCommand {
  // No word is a NUL: it marks that the next one is written to.
  const words = parts.filter((part) => part !== WRITES);
  const writes = parts.filter((part, i) => part !== WRITES && parts[i - 1] === WRITES);
  const isProgram = (word: string) =>
    !RUNNERS.has(baseName(word)) && !isAssignment(word) && !/^-|^$/.test(word);
  const first = parts.find((part, i) => part !== WRITES && parts[i - 1] !== WRITES && isProgram(part));
  return { name: first === undefined ? '' : baseName(first), words, writes };
}

function toldShell({ name, words }: ShellCommand): string | undefined {
  if (!SHELLS.has(name)) return undefined;
  const at = words.indexOf('-c');
  return at < 0 ? undefined : words[at + 1];
}

const baseName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** `PATH=/bin wget …` runs wget. */
function isAssignment(word: string): boolean {
  const at = word.indexOf('=');
  return at > 0 && /^[A-Za-z_]\w*$/.test(word.slice(0, Math.min(at, 64)));
}

const WRITES = '\0';

function splitCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  let word = '';
  let isWord = false;
  const endWord = () => {
    if (isWord) commands.at(-1)!.push(word.replaceAll('\0', ''));
    word = '';
    isWord = false;
  };
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!;
    if (character === "'" || character === '"') {
      const quoted = readQuoted(line, i);
      word += quoted.text;
      isWord = true;
      i = quoted.end;
    } else if (character === '\\') {
      word += line[++i] ?? '';
      isWord = true;
    } else if (character === '$' && '({'.includes(line[i + 1] ?? ' ')) endWord();
    else if (ENDS.has(character)) {
      // `2>&1` and `&>` send output on, and part nothing.
      if (character === '&' && (line[i - 1] === '>' || line[i + 1] === '>')) continue;
      endWord();
      if (commands.at(-1)!.length > 0) commands.push([]);
    } else if (character === '>') {
      // The number of a stream in front of it is no word.
      if (/^\d$/.test(word)) isWord = false;
      endWord();
      commands.at(-1)!.push(WRITES);
    } else if (character === ' ' || character === '\t' || character === '<') endWord();
    else {
      word += character;
      isWord = true;
    }
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}

/** Returns the text in quotes that open at `from`, and where they close: at the end of the line where they do not. */
function readQuoted(line: string, from: number): { readonly text: string; readonly end: number } {
  const quote = line[from]!;
  let text = '';
  let i = from + 1;
  for (; i < line.length && line[i] !== quote; i++) {
    const isEscape = quote === '"' && line[i] === '\\' && '"\\$`'.includes(line[i + 1] ?? ' ');
    text += isEscape ? line[++i]! : line[i]!;
  }
  return { text, end: i };
}
