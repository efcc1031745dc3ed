import { refuseSearch } from './refuse.js';
import { parseStringList } from './string-list.js';
import { type Token, tokenize } from './tokens.js';

/** What stands right of a comparator: a number, text with its quotes as written, or a list of texts. */
export type ClauseValue =
  | { readonly kind: 'number' | 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly text: string; readonly items: readonly string[] };

/** What to do about a filter that has no meaning. */
export const FILTER_HINT =
  "join comparisons with AND, such as: tags.`team` = 'blue' AND tags.`site` LIKE 'lab%'";
const ONLY_AND =
  'comparisons are joined by AND alone: there is no OR, NOT, BETWEEN and no bracket around them';
/** Words that end a dotted name for MLflow's parser: as keys they must be quoted. */
const RESERVED_KEYS = new Set(['case', 'in', 'values', 'using', 'from', 'as']);

/** Reads the tokens of one text from left to right. */
export class TokenReader {
  readonly source: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(source: string) {
    this.source = source;
    this.#tokens = tokenize(source);
  }

  get atEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** Takes the next word if it is this one, in any case. */
  takeWord(word: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || token.text.toUpperCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  /** Takes a name with its dotted parts and gives it as written; `parts` gets the pieces. undefined when none is next. */
  takeIdentifier(parts: Token[] = []): string | undefined {
    const first = this.#tokens[this.#next];
    if (first === undefined || !isName(first) || first.kind === 'single quotes') return undefined;
    let last = first;
    parts.push(first);
    this.#next += 1;
    while (this.#isMark('.')) {
      const [dot, part] = [this.#tokens[this.#next]!, this.#tokens[this.#next + 1]];
      const hasPart = part !== undefined && isName(part);
      if (hasPart && part.kind === 'word' && RESERVED_KEYS.has(part.text.toLowerCase())) this.refuse();
      parts.push(dot, ...(hasPart ? [part] : []));
      last = hasPart ? part : dot;
      this.#next += hasPart ? 2 : 1;
    }
    return this.source.slice(first.start, last.end);
  }

  /** Takes a comparator as it is written; NOT IN, which MLflow puts together itself, is always in capitals. undefined when none is next. */
  takeComparator(): string | undefined {
    const token = this.#tokens[this.#next];
    if (this.takeWord('NOT')) {
      return this.takeWord('IN') ? 'NOT IN' : undefined;
    }
    const isWord = token?.kind === 'word' && /^(LIKE|ILIKE|IN)$/i.test(token.text);
    if (token === undefined || !(isWord || token.kind === 'comparator')) return undefined;
    this.#next += 1;
    return token.text;
  }

  takeValue(): ClauseValue {
    const token = this.#tokens[this.#next];
    if (this.#isMark('(')) return this.#takeList();
    if (token?.kind === 'number' || token?.kind === 'single quotes') {
      this.#next += 1;
      return { kind: token.kind === 'number' ? 'number' : 'text', text: token.text };
    }
    return { kind: 'text', text: this.takeIdentifier() ?? this.refuse() };
  }

  /** Where the next token stands; the end of the text after the last. */
  get position(): number {
    return this.#tokens[this.#next]?.start ?? this.source.length;
  }

  /** Throws INVALID_PARAMETER that shows the text from a place on, default the next token. */
  refuse(position = this.position): never {
    const rest = this.source.slice(position);
    return refuseSearch(
      rest === '' ? 'the search ends too soon' : 'the search has no meaning from',
      rest,
      /^(OR|NOT|BETWEEN)\b|^\(/i.test(rest) ? ONLY_AND : FILTER_HINT,
    );
  }

  #takeList(): ClauseValue {
    const open = this.#tokens[this.#next]!;
    const close = this.#tokens.findIndex((t, i) => i >= this.#next && t.kind === 'mark' && t.text === ')');
    if (close < 0) this.refuse();
    this.#next = close + 1;
    const text = this.source.slice(open.start, this.#tokens[close]!.end);
    return { kind: 'list', text, items: parseStringList(text) };
  }

  #isMark(text: string): boolean {
    const token = this.#tokens[this.#next];
    return token?.kind === 'mark' && token.text === text;
  }
}

function isName({ kind }: Token): boolean {
  return kind === 'word' || kind === 'backticks' || kind === 'double quotes' || kind === 'single quotes';
}
