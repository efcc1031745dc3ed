/** Runs a TypeScript example on any Node that the package supports: `node scripts/run-example.mjs examples/01-read-events.ts`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('error: no example was named\nhelp: node scripts/run-example.mjs examples/01-read-events.ts');
  process.exit(2);
}
// Inside the package, so that `phantomnet` is the package itself, and inside the build, so that no tool reads it.
const folder = fileURLToPath(new URL('../dist/.programs/', import.meta.url));
const program = `${folder}run-${process.pid}.mjs`;
const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
  compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
});
mkdirSync(folder, { recursive: true });
writeFileSync(program, outputText);
try {
  await import(pathToFileURL(program).href);
} finally {
  rmSync(program, { force: true });
}
