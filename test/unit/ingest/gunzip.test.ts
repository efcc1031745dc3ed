import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ByteWindow } from '#src/ingest/byte-window.js';
import { gunzip } from '#src/ingest/gunzip.js';
import { readAllEvents, readEvents } from '#src/ingest/index.js';
import { scratch } from '../../support/cli.js';

const { folder, remove } = scratch();
afterAll(remove);

const CSV = `honeypot_type,event,data\n${'ssh,command,{}\n'.repeat(50)}`;
const caught = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

function write(name: string, content: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function expand(bytes: Buffer, limits?: Parameters<typeof gunzip>[2], chunkBytes = 7): Promise<Buffer> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, i) =>
    bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes),
  );
  const window = new ByteWindow(Readable.from(chunks));
  await window.fill(10);
  const parts: Buffer[] = [];
  for await (const part of gunzip(window, 'x.gz', limits)) parts.push(part);
  return Buffer.concat(parts);
}

describe('a compressed input', () => {
  it('is read as what it holds, whatever its name, from a stream too', async () => {
    const plain = await readAllEvents(write('plain.csv', CSV));
    const packed = gzipSync(CSV);
    for (const name of ['events.csv.gz', 'events.log']) {
      const path = write(name, packed);
      const read = await readAllEvents(path);
      expect(read.events.map((e) => [e.line, e.fields])).toEqual(plain.events.map((e) => [e.line, e.fields]));
      expect(read.report).toEqual({ ...plain.report, file: path });
    }
    expect((await readAllEvents(Readable.from([packed]))).events).toHaveLength(50);
    const json = '{"honeypot_type":"a","event":"b","data":null}\n';
    expect((await readAllEvents(write('a.jsonl.gz', gzipSync(json)))).report.format).toBe('jsonl');
  });

  it('may consist of several members, as appended logs do', async () => {
    const [head, ...rows] = CSV.split(/(?<=\n)/);
    const packed = Buffer.concat([gzipSync(head!), ...rows.map((row) => gzipSync(row))]);
    expect((await readAllEvents(write('members.gz', packed))).events).toHaveLength(50);
  });

  it.each([
    ['cut.gz', gzipSync(CSV).subarray(0, -9), 'ends inside its gzip data'],
    ['short.gz', Buffer.from([0x1f, 0x8b, 8, 0]), 'ends inside its gzip data'],
    ['sum.gz', Buffer.concat([gzipSync(CSV).subarray(0, -8), Buffer.alloc(8)]), 'holds damaged gzip data'],
    ['twice.gz', gzipSync(gzipSync(CSV)), 'is compressed with gzip twice'],
    ['empty.gz', gzipSync(''), 'is empty'],
  ])('%s is refused', async (name, bytes, what) => {
    const path = write(name, bytes);
    expect(await caught(readAllEvents(path))).toMatchObject({
      code: 'BAD_DATA',
      message: `"${path}" ${what}`,
      hint: expect.stringMatching(/gunzip -c|gzip -t|give a file/),
      details: { file: path },
    });
  });

  it('is refused where it holds Parquet', async () => {
    const path = write('x.parquet.gz', gzipSync('PAR1'));
    expect(await caught(readAllEvents(path))).toMatchObject({
      code: 'UNSUPPORTED',
      message: `"${path}" is Parquet inside gzip`,
    });
  });

  it('ends at a limit, long before it is expanded', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 24));
    const limits = { maxBytes: 2 ** 30, maxRatio: 200, freeBytes: 2 ** 20 };
    const dense = (await caught(expand(bomb, limits, 64))) as Error & { details: Record<string, number> };
    expect(dense.message).toBe('"x.gz" expands to more than 200 bytes for each of its own');
    expect(dense).toMatchObject({ code: 'BAD_DATA', hint: expect.stringContaining('expand it yourself') });
    expect(dense.details['expandedBytes']).toBeLessThan(2 ** 22);
    const large = await caught(expand(bomb, { ...limits, maxRatio: 2000, maxBytes: 1_000_000 }));
    expect(large).toMatchObject({ message: expect.stringContaining('expands to more than 1000000 bytes') });
    expect(await expand(bomb, { ...limits, maxRatio: 2000 })).toHaveLength(2 ** 24);
    expect(await expand(bomb, { ...limits, freeBytes: 2 ** 24 })).toHaveLength(2 ** 24);
  });

  it('gives the same bytes however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 1, max: 50 }),
        async (bytes, cut) => {
          expect((await expand(gzipSync(bytes), undefined, cut)).equals(Buffer.from(bytes))).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('closes its file when reading ends early', async () => {
    const source = Readable.from([gzipSync(CSV.repeat(1))]);
    for await (const events of readEvents(source, { batchRows: 5 })) if (events.length > 0) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.destroyed).toBe(true);
  });
});
