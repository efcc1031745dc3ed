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
