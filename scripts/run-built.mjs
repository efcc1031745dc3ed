/** Runs the program from a clone: builds first where the build is missing or older than the sources. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const main = `${root}dist/cli/main.js`;
// The compiler rewrites only what changed; this file it rewrites whenever it emits, and so it dates the build.
const buildInfo = `${root}dist/.tsbuildinfo`;

function newestSourceMs() {
  const sources = ['src', 'assembly'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true }).map((name) => `${root}${folder}/${name}`),
  );
  return Math.max(
    ...[...sources, `${root}tsconfig.json`, `${root}tsconfig.build.json`].map(
      (file) => statSync(file).mtimeMs,
    ),
  );
}

if (!existsSync(main) || !existsSync(buildInfo) || statSync(buildInfo).mtimeMs < newestSourceMs()) {
  // stdout belongs to the program's data
  const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (build.status !== 0) {
    if (existsSync(buildInfo)) utimesSync(buildInfo, 0, 0); // what was written of it is not a build
    console.error('error: the build failed\nhelp: npm ci, then npm run build');
    process.exit(build.status ?? 1);
  }
  const now = new Date();
  utimesSync(buildInfo, now, now);
}

// In this same process, so that exit codes and signals are the program's own.
process.argv.splice(1, 1, main);
await import(pathToFileURL(main).href);
