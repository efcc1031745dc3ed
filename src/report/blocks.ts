/** A piece of the report that both Markdown and HTML can write. All text in it is as the data has it: a writer escapes it. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  /** What is read first. */
  | { readonly kind: 'lead'; readonly text: string }
  | { readonly kind: 'weak'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | Figures
  | TableBlock
  | MatrixBlock
  | ChartBlock;

/** Numbers that stand out, each with its interval. */
export interface Figures {
  readonly kind: 'figures';
  readonly caption: string;
  readonly items: readonly {
    readonly title: string;
    readonly value: string;
    /** The interval, or why there is none. */
    readonly note: string;
  }[];
}

/** A table whose first column names the row. */
export interface TableBlock {
  readonly kind: 'table';
  readonly caption: string;
  readonly head: readonly string[];
  /** Columns of numbers stand to the right. */
  readonly numeric: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
  /** `figures`: what a chart above shows already. */
  readonly role?: 'figures';
}

/** A confusion matrix: true classes down, predicted classes across. */
export interface MatrixBlock {
  readonly kind: 'matrix';
  readonly caption: string;
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** A drawing: SVG that is escaped already. Markdown leaves it out. */
interface ChartBlock {
  readonly kind: 'chart';
  readonly title: string;
  readonly svg: string;
}

/** One part of the report, under a heading. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Returns a table; a column is one of numbers where its title starts with `#`. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  role?: 'figures',
): TableBlock {
  return {
    kind: 'table',
    caption,
    head: head.map((title) => title.replace(/^#/, '')),
    numeric: head.map((title) => title.startsWith('#')),
    rows,
    ...(role === undefined ? {} : { role }),
  };
}

/** Returns a paragraph. */
export function text(words: string): Block {
  return { kind: 'text', text: words };
}
