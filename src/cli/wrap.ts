import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../core/index.js';

/** What is copied into a shell must stay in one piece: the terminal breaks it without adding to it. */
const COMMAND = /^ *(npx )?phantomnet /;
/** What stands before the value on a line of label and value, or of a stage, its time and its fact. */
const LABEL = /^.*\S {2,}(?=\S)/;

/**
 * Returns text whose lines are at most `width` columns wide, broken at spaces and never inside a word. The rest of a line
 * stands below its value, else two columns further in than its beginning; a word that is too long for that, such as a path,
 * begins its line, so that it is copied in one piece.
 */
export function wrapWords(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => (widthOf(line) <= width || COMMAND.test(line) ? line : wrapLine(line, width)))
    .join('\n');
}

function wrapLine(line: string, width: number): string[] {
  const indent = ' '.repeat(hangingIndent(line, width));
  const [start = ''] = /^ */.exec(line)!;
  const lines = [start];
  let isFirst = true;
  for (const word of line.slice(start.length).split(/(?<=\S)(?= )/)) {
    const longer = lines.at(-1)! + word;
    if (isFirst || widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else {
      const own = word.trimStart();
      lines.push(widthOf(indent + own) <= width ? indent + own : own);
    }
    isFirst = false;
  }
  return lines;
}

function hangingIndent(line: string, width: number): number {
  const [label] = LABEL.exec(line.slice(0, Math.floor(width / 2) + 1)) ?? [];
  return label === undefined ? line.search(/\S/) + 2 : widthOf(label);
}

function widthOf(text: string): number {
  return displayWidth(stripVTControlCharacters(text));
}
