import { VERSION } from '../../core/index.js';
import type { RequestRecord } from './record.js';

/** Upper bounds of the duration's buckets, in seconds. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Counts of the requests to one method and route. */
interface Series {
  readonly labels: string;
  readonly byStatus: Map<number, number>;
  /** How many took no longer than each bound but longer than the one before; the last took longer than all. */
  readonly buckets: number[];
  sumS: number;
}

/** Counts requests and shows the counts. */
export interface Meter {
  begin(): void;
  end(record: RequestRecord): void;
  /** Returns all counts in Prometheus' text format. */
  text(): string;
}

/** The content type of Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Returns a meter at zero. It has one series a method and route, so no client can make it grow. */
export function createMeter(): Meter {
  const series = new Map<string, Series>();
  const startedS = Date.now() / 1_000;
  let inFlight = 0;
  return {
    begin() {
      inFlight += 1;
    },
    end({ route, method, status, durationMs }) {
      inFlight -= 1;
      const key = route === undefined ? 'unknown' : `${method} ${route}`;
      let of = series.get(key);
      if (of === undefined) {
        of = newSeries(route === undefined ? 'unknown' : method, route ?? 'unknown');
        series.set(key, of);
      }
      of.byStatus.set(status, (of.byStatus.get(status) ?? 0) + 1);
      const seconds = durationMs / 1_000;
      of.sumS += seconds;
      const at = BUCKETS_S.findIndex((bound) => seconds <= bound);
      of.buckets[at === -1 ? BUCKETS_S.length : at]! += 1;
    },
    text: () => [...requestLines([...series.values()]), ...processLines(startedS, inFlight), ''].join('\n'),
  };
}

function newSeries(method: string, route: string): Series {
  const labels = `method="${method}",route="${route}"`;
  return { labels, byStatus: new Map(), buckets: new Array(BUCKETS_S.length + 1).fill(0), sumS: 0 };
}

function requestLines(all: readonly Series[]): string[] {
  return [
    ...heading('http_requests_total', 'counter', 'Requests answered.'),
    ...all.flatMap(({ labels, byStatus }) =>
      [...byStatus].map(([status, count]) => `http_requests_total{${labels},status="${status}"} ${count}`),
    ),
    ...heading(
      'http_request_duration_seconds',
      'histogram',
      'From the head of a request to the end of its answer.',
    ),
    ...all.flatMap(durationLines),
  ];
}

function durationLines({ labels, buckets, sumS }: Series): string[] {
  const name = 'http_request_duration_seconds';
  let count = 0;
  const lines = buckets.map((inBucket, i) => {
    count += inBucket;
    return `${name}_bucket{${labels},le="${BUCKETS_S[i] ?? '+Inf'}"} ${count}`;
  });
  return [...lines, `${name}_sum{${labels}} ${sumS}`, `${name}_count{${labels}} ${count}`];
}

function processLines(startedS: number, inFlight: number): string[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return [
    ...gauge('http_requests_in_flight', 'Requests being answered.', inFlight),
    ...gauge('process_resident_memory_bytes', 'Memory of the process.', rss),
    ...gauge('nodejs_heap_size_used_bytes', 'Of that, JavaScript objects.', heapUsed),
    ...gauge('process_start_time_seconds', 'When the server started, since the epoch.', startedS),
    ...gauge('process_uptime_seconds', 'For how long the process runs.', process.uptime()),
    ...heading('process_cpu_seconds_total', 'counter', 'Processor time used.'),
    `process_cpu_seconds_total ${(user + system) / 1e6}`,
    ...heading('phantomnet_info', 'gauge', 'The version that runs.'),
    `phantomnet_info{version="${VERSION}"} 1`,
  ];
}

function gauge(name: string, help: string, value: number): string[] {
  return [...heading(name, 'gauge', help), `${name} ${value}`];
}

function heading(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}
