import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { PhantomNetError, show } from '../../core/index.js';

/**
 * Returns the files that paths, folders and patterns name, each once however it is spelled, sorted by path; `-` is standard input and stands
 * alone. A folder is all files below it whose names do not begin with a dot. Throws NOT_FOUND for what names no file.
 */
export async function expandInputs(inputs: readonly string[]): Promise<string[]> {
  if (inputs.length === 0)
    throw new PhantomNetError('INVALID_PARAMETER', 'no log file was named', {
      hint: "name files, folders or patterns such as 'logs/*.json.gz', or - for standard input",
    });
  if (inputs.includes('-')) return onlyStdin(inputs);
  const files = new Map<string, string>();
  for (const input of inputs) {
    const found = await filesOf(input);
    if (found.length === 0)
      throw new PhantomNetError('NOT_FOUND', `no file is named by ${show(input)}`, {
        hint: 'check the path; a pattern must be quoted, so that the shell leaves it alone',
        details: { file: input },
      });
    for (const file of found) if (!files.has(resolve(file))) files.set(resolve(file), file);
  }
  return [...files.values()].sort();
}

function onlyStdin(inputs: readonly string[]): string[] {
  if (inputs.length === 1) return ['-'];
  throw new PhantomNetError('INVALID_PARAMETER', 'standard input (-) cannot be read beside files', {
    hint: 'name files only, or - alone',
  });
}

async function filesOf(input: string): Promise<string[]> {
  const facts = await stat(input).catch(() => undefined);
  if (facts?.isDirectory() === true) {
    const below = await glob('**/*', { cwd: input, onlyFiles: true });
    return below.map((file) => `${input.replace(/\/+$/, '')}/${file}`);
  }
  // What is there is itself, also with a star in its name.
  if (facts !== undefined) return [input];
  if (!/[*?[{]/.test(input)) return [];
  // A path is given as it was: from the root, or from here.
  return glob(input, { onlyFiles: true, expandDirectories: false, absolute: isAbsolute(input) });
}
