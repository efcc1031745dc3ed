import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What is known of one request when its answer has ended. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  /** As it was sent, query and all: not for logs. */
  readonly path: string;
  /** The path of its route with the names of its fields; undefined when there is no such route. */
  route: string | undefined;
  /** By the monotonic clock. */
  readonly startedMs: number;
  status: number;
  durationMs: number;
  /** Headers and body of the answer. */
  sentBytes: number;
  /** Whether the client got the whole answer. */
  isComplete: boolean;
  /** What was thrown on the way, if anything. */
  error: unknown;
}

/** The answer that a connection is busy with, and what is known of its request. */
export type BusyConnections = WeakMap<
  Duplex,
  { readonly response: ServerResponse; readonly record: RequestRecord }
>;

/** Where requests are kept while they are answered, and who is told of them. */
export interface Books {
  readonly busy: BusyConnections;
  /** Gives each request its id; a client's own is passed. */
  readonly requestId: (given: string | undefined) => string;
  readonly onBegin: () => void;
  /** Told of each request when its answer has ended. */
  readonly onEnd: (record: RequestRecord) => void;
}

/** Returns the record of a request that begins now. */
export function newRecord(request: Pick<RequestRecord, 'requestId' | 'method' | 'path'>): RequestRecord {
  return {
    ...request,
    route: undefined,
    startedMs: performance.now(),
    status: 0,
    durationMs: 0,
    sentBytes: 0,
    isComplete: false,
    error: undefined,
  };
}
