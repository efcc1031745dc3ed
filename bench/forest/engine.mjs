// Engines: processes that answer commands, one JSON line each. While one answers, the others wait for their input.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const PYTHON = [at('peers/.venv/bin/python'), at('peers/.venv/Scripts/python.exe')].find(existsSync);
const SETUP = 'run bench/peers/setup.sh';

/** Engines by name, ours first: how each is started. */
const ENGINES = {
  phantomnet: () => [process.execPath, at('engines/phantomnet.mjs')],
  xgboost: () => python('xgboost'),
  lightgbm: () => python('lightgbm'),
  ydf: () => python('ydf'),
  'scikit-learn': () => python('scikit-learn'),
  onnxruntime: () => python('onnxruntime'),
  'onnxruntime-node': () => [process.execPath, at('engines/onnxruntime-node.mjs')],
  'ml-random-forest': () => [process.execPath, at('engines/ml-random-forest.mjs')],
};

function python(name) {
  if (!PYTHON) throw new Error(`no Python peers: ${SETUP}`);
  return [PYTHON, at('engines/python.py'), name];
}

/** Environment of the engines: a kernel that is forced on numpy for another processor would slow its users. */
function environment() {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, OMP_NUM_THREADS, NODE_OPTIONS, ...rest } = process.env;
  return rest;
}

/**
 * Starts an engine and waits until it has said its versions. Rejects with the reason where it is absent.
 * `ask(task, timeoutMs)` rejects when the engine answers with an error, ends, or is late; then it is ended.
 */
export async function startEngine(name) {
  const [command, ...args] = ENGINES[name]();
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: environment() });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-4000);
  });
  child.on('error', (error) => {
    complaint = error.message;
  });
  child.stdin.on('error', () => {});
  const ended = new Promise((resolve) => child.once('close', resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const engine = {
    name,
    loaded: new Set(),
    async ask(task, timeoutMs = 900_000) {
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      const from = performance.now();
      child.stdin.write(`${JSON.stringify(task)}\n`);
      const { value, done } = await lines.next().finally(() => clearTimeout(timer));
      if (done && performance.now() - from >= timeoutMs)
        throw new Error(`${name} was ended at ${task.do}: no answer in ${Math.round(timeoutMs / 1000)} s`);
      if (done)
        throw new Error(
          `${name} ended at ${task.do}: ${lastLine(complaint) || (await reasonOf(ended, child))}`,
        );
      const answer = JSON.parse(value);
      if (answer.error) throw new Error(`${name}, ${task.do}: ${answer.error}`);
      return answer;
    },
    /** Makes a data set known to the engine, once. */
    async load({ name: data, x, y, columns }) {
      if (engine.loaded.has(data)) return;
      await engine.ask({ do: 'load', data, x, y, columns });
      engine.loaded.add(data);
    },
    async unload(data, model) {
      engine.loaded.delete(data);
      await engine.ask({ do: 'unload', data, model });
    },
    async stop() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
  try {
    engine.versions = (await engine.ask({ do: 'hello' }, 120_000)).versions;
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(
      /Cannot find module|No module named/.test(complaint + error.message)
        ? `${name} is not installed: ${SETUP}`
        : error.message,
    );
  }
  return engine;
}

const lastLine = (text) =>
  text
    .trim()
    .split('\n')
    .filter((line) => /error/i.test(line))
    .at(-1) ?? text.trim().split('\n').at(-1);

async function reasonOf(ended, child) {
  await ended;
  return child.signalCode ? `killed by ${child.signalCode}` : `exit code ${child.exitCode}`;
}

/** Engines that live as long as the benchmark: started when first needed, and known as absent when that failed. */
export function createEngines(say) {
  const started = new Map();
  const absent = new Map();
  return {
    versions: () => Object.assign({}, ...[...started.values()].map(({ versions }) => versions)),
    /** The engine, or null: then `whyAbsent` says why. */
    async get(name) {
      if (started.has(name)) return started.get(name);
      if (absent.has(name)) return null;
      try {
        started.set(name, await startEngine(name));
        return started.get(name);
      } catch (error) {
        absent.set(name, error.message);
        say(`absent: ${error.message}`);
        return null;
      }
    },
    whyAbsent: (name) => absent.get(name),
    /** Ends an engine whose state is unknown; the next `get` starts a new one. */
    async drop(name) {
      await started.get(name)?.stop();
      started.delete(name);
    },
    async stop() {
      await Promise.all([...started.values()].map((engine) => engine.stop()));
    },
  };
}
