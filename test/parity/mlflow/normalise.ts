import type { Answer } from './call.js';

const HEX_ID = /\b(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g;
/** The experiment in the address of what is stored through the proxy. */
const PROXIED = /(mlflow-artifacts:\/)(\d+)(?=\/|$)/g;
const GENERATED_NAME = /^[a-z]+-[a-z]+-\d{1,4}$/;
/** Histories of several runs come in the order of the runs' random ids; each run's own order stays. */
function byRun(a: unknown, b: unknown): number {
  const [first, second] = [a, b].map((metric) => String((metric as Record<string, unknown>)['run_id'] ?? ''));
  return first! < second! ? -1 : first! > second! ? 1 : 0;
}

/** Lists that MLflow gives in the order of random ids, or in none. */
const UNORDERED = new Set(['model_inputs', 'model_outputs', 'dataset_summaries', 'latest_versions']);
const ONE_HOUR_MS = 3_600_000;

/**
 * Takes out of one server's answers what two servers cannot agree on, and keeps that it is the same each time: the
 * first random id is `<id 1>` everywhere, the next `<id 2>`, and so for experiments. One for each server and sequence.
 */
export class Normaliser {
  readonly #ids = new Map<string, string>();
  readonly #experiments = new Map<string, string>();
  readonly #startedMs = Date.now() - ONE_HOUR_MS;
  readonly #folder: string | undefined;

  /** Of the server that runs in `folder`, which its answers may name. */
  constructor(folder?: string) {
    this.#folder = folder;
  }

  /** One that knows the same ids, and whose new ones this one does not learn. */
  copy(): Normaliser {
    const copy = new Normaliser(this.#folder);
    for (const [id, name] of this.#ids) copy.#ids.set(id, name);
    for (const [id, name] of this.#experiments) copy.#experiments.set(id, name);
    return copy;
  }

  /** Returns the answer with ids numbered, times of now and tokens named, and an error's words left out. */
  answer(answer: Answer): Answer {
    return { ...answer, body: this.#body(answer), ...this.#disposition(answer) };
  }

  #disposition({ disposition }: Answer) {
    return disposition === undefined ? {} : { disposition: this.#text(disposition) };
  }

  #body({ contentType, body, status }: Answer): unknown {
    if (contentType === 'text/html' && /^\s*</.test(String(body))) return '<a page>';
    if (contentType === 'text/plain' && status >= 400) return '<words>';
    if (status < 400 || typeof body !== 'object' || body === null || !('message' in body))
      return this.value(body);
    return this.value({ ...body, message: '<words>' });
  }

  /** The same for any part of an answer. */
  value(value: unknown, key = ''): unknown {
    if (typeof value === 'string') return this.#string(value, key);
    if (typeof value === 'number') return this.#isNow(value) ? '<now>' : value;
    if (Array.isArray(value)) return this.#list(value, key);
    if (typeof value !== 'object' || value === null) return value;
    const named = value as Record<string, unknown>;
    const isRunName = named['key'] === 'mlflow.runName';
    return Object.fromEntries(
      Object.entries(named).map(([name, part]) => [
        name,
        this.value(part, isRunName && name === 'value' ? 'run_name' : name),
      ]),
    );
  }

  #list(values: readonly unknown[], key: string): unknown[] {
    const list = values.map((part) => this.value(part, key));
    if (key === 'metrics') return list.sort(byRun);
    return UNORDERED.has(key) ? list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : list;
  }

  #string(value: string, key: string): string {
    if (key === 'experiment_id' && /^\d+$/.test(value)) return this.#experiment(value);
    if (key === 'next_page_token' && value !== '') return '<token>';
    if ((key === 'run_name' || key === 'name') && GENERATED_NAME.test(value)) return '<generated name>';
    if (/^\d{13}$/.test(value) && this.#isNow(Number(value))) return '<now>';
    return this.#text(value);
  }

  #text(value: string): string {
    const text = this.#folder === undefined ? value : value.replaceAll(this.#folder, '<folder>');
    return text
      .replace(HEX_ID, (id) => number(this.#ids, id, 'id'))
      .replace(PROXIED, (_, scheme: string, id: string) => scheme + this.#experiment(id));
  }

  #experiment(id: string): string {
    return id === '0' ? id : number(this.#experiments, id, 'experiment');
  }

  #isNow(value: number): boolean {
    return Number.isInteger(value) && value >= this.#startedMs && value <= Date.now() + ONE_HOUR_MS;
  }
}

function number(known: Map<string, string>, id: string, kind: string): string {
  const name = known.get(id) ?? `<${kind} ${known.size + 1}>`;
  known.set(id, name);
  return name;
}
