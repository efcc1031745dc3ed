// The forests of the scoring rows: 100 trees of depth 12, fitted on NSL-KDD, each in the form that its engine likes most.
// onnxruntime and tl2cgen get scikit-learn's forest; what is made of it is kept in bench/.scratch.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SCRATCH } from './data.mjs';
import { fitTask } from './fit-rows.mjs';
import { aucOf, aucOfFile } from './measure.mjs';

const run = promisify(execFile);
const DRIVER = fileURLToPath(new URL('../engines/compiled.c', import.meta.url));

/** Fits `name`'s own forest once and returns { engine, nodes, auc }; null where the engine is absent. */
export function ownForest(context, name) {
  return once(context, `forest ${name}`, async () => {
    const engine = await context.engines.get(name);
    if (!engine) return null;
    const { train, test } = context.nsl();
    for (const set of [train, test]) await engine.load(set);
    const task = fitTask(context, { trees: 100, depth: 12, threads: context.threads });
    await engine.ask({ ...task, data: train.name, model: 'scoring', forScoring: true }, context.timeoutMs());
    const { nodes } = await engine.ask({ do: 'nodes', model: 'scoring' });
    return { engine, nodes, auc: await aucOf(engine, 'scoring', test) };
  });
}

/** scikit-learn's forest in files: { folder, nodes, versions }; null where scikit-learn is absent. */
function exported(context) {
  return once(context, 'exported', async () => {
    const engine = await context.engines.get('scikit-learn');
    if (!engine) return null;
    const { train } = context.nsl();
    const key = JSON.stringify([engine.versions, context.seed, train.rows, 1]);
    const folder = join(SCRATCH, `forest-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`);
    const facts = join(folder, 'facts.json');
    if (!existsSync(facts)) {
      const { nodes } = await ownForest(context, 'scikit-learn');
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      context.say('  converting scikit-learn’s forest to ONNX and C');
      await engine.ask({
        do: 'onnx',
        model: 'scoring',
        path: join(folder, 'forest.onnx'),
        columns: train.columns,
      });
      const made = await engine
        .ask({ do: 'c', model: 'scoring', data: train.name, folder: join(folder, 'c') })
        .catch((error) => ({ error: error.message }));
      writeFileSync(`${facts}.part`, JSON.stringify({ nodes, ...made }));
      renameSync(`${facts}.part`, facts);
    }
    return { folder, ...JSON.parse(readFileSync(facts, 'utf8')) };
  });
}

/** scikit-learn's forest as ONNX in `name` (onnxruntime or onnxruntime-node): { engine, nodes, auc }, or null. */
export function onnxForest(context, name) {
  return once(context, `onnx ${name}`, async () => {
    const engine = await context.engines.get(name);
    const files = engine && (await exported(context));
    if (!files) return null;
    const { train, test } = context.nsl();
    for (const set of [train, test]) await engine.load(set);
    await engine.ask({ do: 'open', model: 'scoring', path: join(files.folder, 'forest.onnx') });
    return { engine, nodes: files.nodes, auc: await aucOf(engine, 'scoring', test) };
  });
}

/**
 * scikit-learn's forest as a library that tl2cgen and gcc made: { measure(set, rows, what), nodes, auc, versions }.
 * { absent: why } where it cannot be made.
 */
export function compiledForest(context) {
  return once(context, 'compiled', async () => {
    const files = await exported(context);
    if (!files) return { absent: context.engines.whyAbsent('scikit-learn') };
    if (files.error) return { absent: files.error };
    try {
      const { library, driver } = await compile(context, files.folder);
      const measure = async (set, rows, what, ...more) =>
        JSON.parse((await run(driver, [library, set.x, set.columns, rows, what, ...more])).stdout);
      const { test } = context.nsl();
      const scores = join(SCRATCH, `scores-${process.pid}.f64`);
      await measure(test, test.rows, 'batch', scores);
      return { measure, nodes: files.nodes, versions: files.versions, auc: aucOfFile(scores, test) };
    } catch (error) {
      return { absent: error.code === 'ENOENT' ? 'no gcc' : error.message.slice(0, 300) };
    }
  });
}

/** Compiles with -O1: as fast as -O3 for this code, in a sixth of the time. */
async function compile(context, folder) {
  const [library, driver] = [join(folder, 'forest.so'), join(folder, 'driver')];
  if (!existsSync(library)) {
    context.say('  compiling tl2cgen’s library (half a minute)');
    const sources = readdirSync(join(folder, 'c')).filter((file) => file.endsWith('.c'));
    const flags = ['-O1', '-march=native', '-fPIC'];
    for (let i = 0; i < sources.length; i += 2)
      await Promise.all(
        sources.slice(i, i + 2).map((file) => run('gcc', ['-c', ...flags, file], { cwd: join(folder, 'c') })),
      );
    const objects = sources.map((file) => file.replace(/c$/, 'o'));
    await run('gcc', ['-shared', '-o', `${library}.part`, ...objects, '-lm'], { cwd: join(folder, 'c') });
    renameSync(`${library}.part`, library);
  }
  await run('gcc', ['-O2', '-o', driver, DRIVER, '-ldl']);
  return { library, driver };
}

function once(context, key, make) {
  if (!context.made.has(key)) context.made.set(key, make());
  return context.made.get(key);
}
