import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A program made of one `@example` block, or of all marked blocks of one page. */
export interface Example {
  /** File and line of its first block. */
  readonly where: string;
  readonly source: string;
  /** Folder of `src` whose exports it may use without an import; undefined on a page. */
  readonly folder: string | undefined;
}

/** Returns the `ts` blocks below the `@example` tags in `src`, but those marked `ts no-run`. */
export function docstringExamples(): Example[] {
  return filesBelow('src', '.ts').flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) =>
      [...comment[0].matchAll(/@example[^`]*```ts\n([\s\S]*?)```/g)].map((block) => ({
        where: `${file}:${lineAt(text, comment.index + block.index)}`,
        source: block[1]!.replaceAll(/^\s*\* ?/gm, ''),
        folder: file.split('/').length > 2 ? file.split('/')[1] : undefined,
      })),
    );
  });
}

/** Returns one program for each page at the root or in `docs` that has blocks marked `ts run`, the blocks in their order. */
export function pageExamples(): Example[] {
  const pages = readdirSync('.').filter((name) => name.endsWith('.md'));
  return [...pages, ...filesBelow('docs', '.md')].flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const blocks = [...text.matchAll(/^```ts run\n([\s\S]*?)^```/gm)];
    if (blocks[0] === undefined) return [];
    const source = blocks.map((block) => block[1]).join('\n');
    return [{ where: `${file}:${lineAt(text, blocks[0].index)}`, source, folder: undefined }];
  });
}

/**
 * Returns the example as JavaScript in which a statement with a comment behind or below it is checked against it.
 * `check` is the name under which the program finds `(value: () => Promise<unknown>, comment: string) => Promise<void>`.
 */
export function toProgram(source: string, check: string): string {
  const file = ts.createSourceFile('example.ts', source, ts.ScriptTarget.ES2023, true);
  const lines = file.statements.map((statement) => {
    const text = statement.getText(file);
    const comment = commentOf(statement, source);
    const value = comment === undefined ? undefined : spokenOf(statement, file);
    if (value === undefined) return text;
    const call = `await ${check}(async () => (${value}), ${JSON.stringify(comment)});`;
    // An expression is evaluated in its check alone, so once.
    return ts.isVariableStatement(statement) ? `${text}\n${call}` : call;
  });
  const { outputText } = ts.transpileModule(lines.join('\n'), {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  return outputText;
}

/** The comment on the statement's last line, or else on the line below. */
function commentOf(statement: ts.Statement, source: string): string | undefined {
  const [, comment] = /^;?[ \t]*\n?[ \t]*\/\/(.*)/.exec(source.slice(statement.end)) ?? [];
  return comment?.trim();
}

/** The code of the value that the comment speaks of: the expression, what is printed, or the variable. */
function spokenOf(statement: ts.Statement, file: ts.SourceFile): string | undefined {
  if (ts.isVariableStatement(statement)) {
    const [declaration, second] = statement.declarationList.declarations;
    return second === undefined && declaration && ts.isIdentifier(declaration.name)
      ? declaration.name.text
      : undefined;
  }
  if (!ts.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  const printed = ts.isCallExpression(expression) && expression.expression.getText(file) === 'console.log';
  return (printed ? expression.arguments[0] : expression)?.getText(file);
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .sort();
}
