import {
  BASE64,
  CLASSES,
  classAt,
  DIGIT,
  HEX,
  isAll,
  LETTER,
  LOWER,
  UPPER,
  WORD,
} from './character-classes.js';

/** What a command line tries to do, by the words and signs in it. */
export interface CommandSigns {
  /** Words that fetch something: wget, curl, tftp. */
  downloaders: number;
  /** Other words of the shell that attackers use: chmod, rm, busybox, sh. */
  shellVerbs: number;
  /** Signs that join or nest commands: `;`, `&`, `&&`, `|`, `||`, a back quote, `$(`. */
  operators: number;
  /** Runs that look like base64: 20 characters or more in fours, with letters of both cases and digits. */
  base64Runs: number;
  /** Words of 16 hex digits or more, `0x` before them or not. */
  hexRuns: number;
  /** `\x41`. */
  hexEscapes: number;
  /** `%41`. */
  percentEscapes: number;
  /** Paths into folders that anyone may write to: /tmp, /dev/shm. */
  dropPaths: number;
  /** IPv4 addresses. */
  addresses: number;
  /** `scheme://`. */
  urls: number;
}

const DOWNLOADERS: ReadonlySet<string> = new Set(
  'wget curl tftp ftpget ftp sftp scp rsync aria2c axel fetch lynx lwp-download certutil bitsadmin'.split(
    ' ',
  ),
);
const SHELL_VERBS: ReadonlySet<string> = new Set(
  `sh bash ash dash zsh busybox chmod chown chattr rm mv cp cd mkdir cat echo printf dd kill killall pkill nohup sudo su
  passwd chpasswd useradd usermod crontab uname whoami ps free df top mount iptables systemctl service history export
  unset perl python python2 python3 php nc ncat telnet base64 xxd awk sed grep`.split(/\s+/),
);
const DROP_FOLDERS = ['/tmp', '/var/tmp', '/dev/shm', '/var/run', '/run', '/mnt', '/dev/null'] as const;
const LONGEST_VERB = 12;
const MIN_BASE64 = 20;
const MIN_HEX = 16;

/** Returns the signs of a command line. One pass, O(length). */
export function commandSigns(text: string): CommandSigns {
  const signs = noSigns();
  let word = -1;
  let base64 = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    const bits = code < 128 ? CLASSES[code]! : 0;
    if (bits & BASE64) {
      if (base64 < 0) base64 = i;
    } else {
      if (base64 >= 0 && looksBase64(text, base64, i)) signs.base64Runs++;
      base64 = -1;
    }
    if (bits & WORD) {
      if (word < 0) word = i;
    } else {
      // The scheme of a URL, as `ftp`, is no command.
      if (word >= 0 && !text.startsWith('://', i)) takeWord(signs, text.slice(word, i));
      word = -1;
      i += takeSign(signs, text, i);
    }
  }
  return signs;
}

/** Written out: a spread costs more here than reading most commands. */
const noSigns = (): CommandSigns => ({
  downloaders: 0,
  shellVerbs: 0,
  operators: 0,
  base64Runs: 0,
  hexRuns: 0,
  hexEscapes: 0,
  percentEscapes: 0,
  dropPaths: 0,
  addresses: 0,
  urls: 0,
});

function takeWord(signs: CommandSigns, word: string): void {
  if (word.length <= LONGEST_VERB && classAt(word, 0) & LETTER) {
    const verb = word.toLowerCase();
    if (DOWNLOADERS.has(verb)) signs.downloaders++;
    else if (SHELL_VERBS.has(verb)) signs.shellVerbs++;
  }
  if (isAddress(word)) signs.addresses++;
  const start = word.startsWith('0x') ? 2 : 0;
  if (word.length - start >= MIN_HEX && isAll(word, HEX, start)) signs.hexRuns++;
}

/** Counts the sign at an index; returns how many more characters belong to it. */
function takeSign(signs: CommandSigns, text: string, i: number): number {
  switch (text[i]) {
    case ';':
    case '`':
      signs.operators++;
      return 0;
    case '&':
    case '|':
      signs.operators++;
      return text[i + 1] === text[i] ? 1 : 0;
    case '$':
      if (text[i + 1] === '(') signs.operators++;
      return 0;
    case '%':
      if (isHexPair(text, i + 1)) signs.percentEscapes++;
      return 0;
    case '\\':
      if (text[i + 1] === 'x' && isHexPair(text, i + 2)) signs.hexEscapes++;
      return 0;
    case ':':
      if (classAt(text, i - 1) & LETTER && text.startsWith('//', i + 1)) signs.urls++;
      return 0;
    case '/':
      if (isDropPath(text, i)) signs.dropPaths++;
      return 0;
    default:
      return 0;
  }
}

/** Returns whether two hex digits stand at an index of a text. */
export const isHexPair = (text: string, at: number): boolean =>
  (classAt(text, at) & classAt(text, at + 1) & HEX) !== 0;

function isDropPath(text: string, at: number): boolean {
  if (classAt(text, at - 1) & WORD || text[at - 1] === '/') return false;
  return DROP_FOLDERS.some(
    (folder) => text.startsWith(folder, at) && (classAt(text, at + folder.length) & WORD) === 0,
  );
}

/** Returns whether a text is an IPv4 address, a dot that ends the sentence aside. */
export function isAddress(text: string): boolean {
  if (text.length < 7 || text.length > 16 || (classAt(text, 0) & DIGIT) === 0) return false;
  const parts = (text.endsWith('.') ? text.slice(0, -1) : text).split('.');
  return parts.length === 4 && parts.every((part) => isOctet(part));
}

function isOctet(part: string): boolean {
  return part.length >= 1 && part.length <= 3 && isAll(part, DIGIT) && Number(part) <= 255;
}

function looksBase64(text: string, from: number, to: number): boolean {
  // A path of folders is made of the same characters, but it seldom comes in fours.
  if (to - from < MIN_BASE64 || (to - from) % 4 !== 0 || text[from] === '/') return false;
  let bits = 0;
  for (let i = from; i < to; i++) bits |= classAt(text, i) & (LOWER | UPPER | DIGIT);
  return bits === (LOWER | UPPER | DIGIT);
}
