/** The unread bytes of a stream: a window that grows on request and forgets what was taken. */
export class ByteWindow {
  /** The unread bytes. */
  bytes: Buffer = Buffer.alloc(0);
  /** The stream has ended: `bytes` is all that is left. */
  atEnd = false;
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** Forgets the first `count` bytes. */
  take(count: number): void {
    this.bytes = this.bytes.subarray(count);
  }

  /** Reads until the window holds at least `count` bytes or the stream ends. Asking for twice the size each time keeps the cost linear. */
  async fill(count: number): Promise<void> {
    const parts = [this.bytes];
    let size = this.bytes.length;
    while (size < count && !this.atEnd) {
      const next = await this.chunks.next();
      if (next.done === true) this.atEnd = true;
      else {
        parts.push(next.value);
        size += next.value.length;
      }
    }
    if (parts.length > 1)
      this.bytes = parts.length === 2 && parts[0]!.length === 0 ? parts[1]! : Buffer.concat(parts);
  }

  /** Forgets everything up to and with the next line break, in constant memory. Returns the bytes forgotten. */
  async skipLine(): Promise<number> {
    let skipped = 0;
    for (;;) {
      const lineBreak = this.bytes.indexOf(10);
      const count = lineBreak < 0 ? this.bytes.length : lineBreak + 1;
      skipped += count;
      this.take(count);
      if (lineBreak >= 0 || this.atEnd) return skipped;
      await this.fill(1);
    }
  }

  /** Yields everything that is left, as it comes, and forgets it. */
  async *rest(): AsyncGenerator<Buffer> {
    try {
      while (this.bytes.length > 0 || !this.atEnd) {
        if (this.bytes.length > 0) yield this.bytes;
        this.bytes = Buffer.alloc(0);
        await this.fill(1);
      }
    } finally {
      await this.close();
    }
  }

  /** Ends the stream early, so that its file is closed. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}
