import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pack as createPack, type Headers, type Pack } from 'tar-stream';
import { PhantomNetError } from '../core/index.js';
import type { ArchivedFile } from './backup-format.js';

/** A tar file under way: entries are added one after the other, and it is on the disk when it is closed. */
export class ArchiveWriter {
  readonly files: ArchivedFile[] = [];
  readonly #pack: Pack = createPack();
  readonly #handle: FileHandle;
  readonly #signal: AbortSignal | undefined;
  /** Rejects when the file cannot be written; whoever adds the next entry is told. */
  readonly #written: Promise<void>;

  private constructor(handle: FileHandle, signal: AbortSignal | undefined) {
    this.#handle = handle;
    this.#signal = signal;
    this.#written = this.#writeOut();
    this.#written.catch(() => this.#pack.destroy());
  }

  /**
   * Creates the file at `path`, which must not be there yet. Only its owner may read it: it holds what other folders may
   * keep from others. When `signal` aborts, what is being added is given up with its reason.
   */
  static async create(path: string, signal?: AbortSignal): Promise<ArchiveWriter> {
    return new ArchiveWriter(await open(path, 'wx', 0o600), signal);
  }

  /**
   * Adds the file at `path`. Returns why it was left out, or undefined when it is in the archive: a link or special file
   * is left out. Throws UNAVAILABLE when it gets shorter while it is read.
   */
  async addFile(name: string, path: string): Promise<string | undefined> {
    const source = await openRegular(path);
    if (typeof source === 'string') return source;
    try {
      const info = await source.stat();
      if (!info.isFile()) return 'is not a regular file';
      const bytes =
        info.size === 0 ? [] : source.createReadStream({ autoClose: false, start: 0, end: info.size - 1 });
      const sha256 = await this.#add({ name, size: info.size, mtime: info.mtime, mode: 0o644 }, bytes);
      this.files.push({ name, sizeBytes: info.size, sha256 });
      return undefined;
    } finally {
      await source.close();
    }
  }

  /** Adds a small file that is given. */
  async addText(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    await this.#add({ name, size: bytes.length, mtime: new Date(), mode: 0o644 }, [bytes]);
  }

  /** Ends the archive and waits until it is on the disk. */
  async close(): Promise<void> {
    this.#pack.finalize();
    await this.#written;
    await this.#handle.sync();
    await this.#handle.close();
  }

  /** Gives it up; the file stays as far as it was written. */
  async abandon(): Promise<void> {
    this.#pack.destroy();
    await this.#written.catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
  }

  async #writeOut(): Promise<void> {
    for await (const chunk of this.#pack) await this.#handle.writeFile(chunk as Buffer);
  }

  async #add(
    header: Headers & { readonly size: number },
    bytes: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<string> {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    let settle: (error?: Error | null) => void = () => undefined;
    const taken = new Promise<void>((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
    taken.catch(() => undefined);
    const entry = this.#pack.entry(header, (error) => settle(error));
    this.#signal?.throwIfAborted();
    for await (const chunk of bytes) {
      this.#signal?.throwIfAborted();
      hash.update(chunk);
      sizeBytes += chunk.length;
      if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), this.#written]);
    }
    if (sizeBytes !== header.size) throw shorter(header.name);
    entry.end();
    await Promise.race([taken, this.#written]);
    return hash.digest('hex');
  }
}

/** Opens a file to read, or returns why that cannot be: a link is not followed. */
async function openRegular(path: string): Promise<FileHandle | string> {
  try {
    // Without waiting, which a pipe would make us do.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') return 'is a link';
    if (code === 'ENXIO') return 'is not a regular file';
    if (code === 'ENOENT') return 'is gone';
    throw error;
  }
}

function shorter(name: string): PhantomNetError {
  return new PhantomNetError('UNAVAILABLE', `${name} got shorter while it was read`, {
    hint: 'something else writes to the artifact root; make the backup again',
  });
}
