import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Headers, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PhantomNetError } from '#src/core/index.js';
import { backupStore, openWorkspace, restoreStore, silent, verifyStore } from '#src/pipeline/index.js';
import { openMlflowDatabase } from '#src/storage/index.js';
import { makeStore, place, type SmallStore } from './stores.js';

let store: SmallStore;
let archive: string;
let target: { uri: string; artifactRoot: string };
beforeEach(async () => {
  store = await makeStore();
  archive = join(store.folder, 'backup.tar');
  await mkdir(join(store.folder, 'new'));
  const artifactRoot = join(store.folder, 'new', 'art');
  target = { uri: `sqlite:///${join(store.folder, 'new', 'b.db')}`, artifactRoot };
});
afterEach(() => store.remove());
const runFolder = () => join(store.place.artifactRoot, '0', store.runId, 'artifacts');
const leftInNew = () => readdirSync(join(store.folder, 'new'));

describe('backupStore and restoreStore', () => {
  it('bring back every file and row, at the new place', async () => {
    const report = await backupStore(archive, store.place);
    expect(report).toMatchObject({ file: archive, artifacts: 4, leftOut: [], elsewhere: [] });
    expect(await restoreStore(archive, target)).toMatchObject({ ...target, artifacts: 4 });
    expect((await verifyStore(target)).passed).toBe(true);
    const { tracking, registry, close } = await openWorkspace(target);
    const run = await tracking.getRun(store.runId);
    // An odd root is spelt as a file uri, and such stay what they are.
    expect(run.info.artifactUri).toBe(`file://${join(target.artifactRoot, '0', store.runId, 'artifacts')}`);
    const plot = await tracking.artifacts(run.info.artifactUri).get('plots/roc.json');
    expect(Buffer.from(plot).toString()).toBe('{}');
    expect((await tracking.getMetricHistory(store.runId, 'loss')).map((m) => m.value)).toEqual([0.1, 1.1]);
    const uri = await registry.getDownloadUri('detector', '1');
    expect(uri).toBe(`file://${join(target.artifactRoot, '0', 'models', store.modelId, 'artifacts')}`);
    await close();
    // libsql may leave an empty log and its index behind when it closes.
    expect(
      leftInNew()
        .filter((name) => !/^b\.db-(wal|shm)$/.test(name))
        .sort(),
    ).toEqual(['art', 'b.db']);
    expect(readdirSync(store.folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('rewrite file uris as such, keep the scheme of a server and places elsewhere', async () => {
    const db = await openMlflowDatabase(store.place);
    const old = store.place.artifactRoot;
    const spelt = [old, 'mlflow-artifacts:', 's3://b', `${old.slice(0, -1)}`].map((root) => `${root}/7`);
    await db.write(() => {
      for (const [i, uri] of spelt.entries()) {
        db.sql.run(
          "INSERT INTO experiments (name, artifact_location, lifecycle_stage, workspace) VALUES (?, ?, 'active', 'default')",
          [`e${i}`, uri],
        );
      }
    });
    await db.close();
    await backupStore(archive, store.place);
    await restoreStore(archive, target);
    const { tracking, close } = await openWorkspace(target);
    const places = [];
    for (const i of spelt.keys())
      places.push((await tracking.getExperimentByName(`e${i}`))?.artifactLocation);
    expect(places).toEqual([`${target.artifactRoot}/7`, ...spelt.slice(1)]);
    expect((await tracking.getExperiment('0')).artifactLocation).toBe(`file://${target.artifactRoot}/0`);
    await close();
  });

  it('take one state of the database while others write', async () => {
    const { tracking, close } = await store.open();
    let steps = 0;
    let goesOn = true;
    const writing = (async () => {
      for (; goesOn; steps++) {
        await tracking.logBatch(store.runId, {
          metrics: ['a', 'b'].map((key) => ({ key, value: steps, timestamp: 1, step: steps })),
        });
      }
    })();
    await backupStore(archive, store.place);
    goesOn = false;
    await writing;
    await close();
    await restoreStore(archive, target);
    expect((await verifyStore(target)).problems).toEqual([]);
    const { tracking: restored, close: end } = await openWorkspace(target);
    const [a, b] = await Promise.all(['a', 'b'].map((key) => restored.getMetricHistory(store.runId, key)));
    expect(a!.map((m) => m.step)).toEqual(b!.map((m) => m.step));
    expect(a!.length).toBeLessThanOrEqual(steps);
    await end();
  });

  it('take files of any size and name, and leave out links and uploads under way', async () => {
    const big = Buffer.alloc(3_000_001, 'abc');
    await writeFile(join(runFolder(), 'big.bin'), big);
    await place(join(runFolder(), `${'long'.repeat(40)}/${'name'.repeat(40)}/__proto__`), 'x');
    await place(join(runFolder(), 'a#b?%41 é.txt'), '');
    await place(join(runFolder(), '.artifact.uploading.1'), 'half');
    await symlink('/etc/hostname', join(runFolder(), 'link'));
    const report = await backupStore(archive, store.place);
    expect(report.leftOut).toEqual([{ path: join(runFolder(), 'link'), why: 'is a link' }]);
    expect(report.artifacts).toBe(7);
    await restoreStore(archive, target);
    const restored = join(target.artifactRoot, '0', store.runId, 'artifacts');
    expect((await readFile(join(restored, 'big.bin'))).equals(big)).toBe(true);
    expect(
      await readFile(join(restored, `${'long'.repeat(40)}/${'name'.repeat(40)}/__proto__`), 'utf8'),
    ).toBe('x');
    expect(readdirSync(restored).sort()).toEqual(['a#b?%41 é.txt', 'big.bin', 'long'.repeat(40), 'plots']);
  });

  it('say what is not below the artifact root', async () => {
    const report = await backupStore(archive, { ...store.place, artifactRoot: join(store.folder, 'other') });
    expect(report.artifacts).toBe(0);
    expect(report.elsewhere.map((uri) => uri.split('/').at(-2)).sort()).toEqual(
      [store.runId, store.modelId].sort(),
    );
  });

  it('name a model whose files are gone, and the artifact root where all are', async () => {
    const model = join(store.place.artifactRoot, '0', 'models', store.modelId, 'artifacts');
    await rename(model, `${model}.elsewhere`);
    expect((await backupStore(archive, store.place)).leftOut).toEqual([{ path: model, why: 'is not there' }]);
    await rename(store.place.artifactRoot, `${store.place.artifactRoot}.elsewhere`);
    const second = await backupStore(`${archive}.2`, store.place);
    expect(second.leftOut).toEqual([{ path: store.place.artifactRoot, why: 'is not there' }]);
    expect(second.artifacts).toBe(0);
  });

  it('keep what they write from others', async () => {
    const modes: number[] = [];
    const advance = () => {
      for (const name of readdirSync(store.folder).filter((each) => each.includes('partial')))
        modes.push(statSync(join(store.folder, name)).mode & 0o777);
    };
    await backupStore(archive, store.place, { ...silent, advance });
    expect(new Set([...modes, statSync(archive).mode & 0o777])).toEqual(new Set([0o600]));
    expect(modes.length).toBeGreaterThan(2);
  });

  it.each(['database', 'artifacts'])('leave nothing when they are interrupted at %s', async (at) => {
    const controller = new AbortController();
    const stage = (name: string) => {
      if (name === at) controller.abort(new PhantomNetError('CANCELLED', 'interrupted'));
    };
    await expect(
      backupStore(archive, store.place, { ...silent, stage }, controller.signal),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(store.folder).filter((name) => name.startsWith('backup'))).toEqual([]);
  });

  it('overwrite nothing', async () => {
    await backupStore(archive, store.place);
    await expect(backupStore(archive, store.place)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(restoreStore(archive, store.place)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await place(join(target.artifactRoot, 'mine.txt'), 'mine');
    await expect(restoreStore(archive, target)).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      message: `${target.artifactRoot} is there already, and nothing is overwritten`,
    });
    expect(leftInNew()).toEqual(['art']);
  });

  it('say what is missing', async () => {
    await expect(backupStore(join(store.folder, 'no', 'b.tar'), store.place)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(join(store.folder, 'no', 'b.tar')),
    });
    await expect(restoreStore(archive, target)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(backupStore(archive, target)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(leftInNew()).toEqual([]);
  });
});

describe('restoreStore', () => {
  type Part = { header: Headers; body?: string | Buffer };
  const sha = (body: string | Buffer) => createHash('sha256').update(body).digest('hex');
  const file = (name: string, body: string | Buffer): Part => ({ header: { name }, body });
  const manifestOf = (parts: readonly Part[], change: object = {}): Part =>
    file(
      'manifest.json',
      JSON.stringify({
        format: 'phantomnet-backup',
        version: 1,
        createdAt: '2026-01-01T00:00:00.000Z',
        phantomnet: '0.0.0',
        journalMode: 'wal',
        artifactRoot: '/old',
        files: parts.map(({ header, body = '' }) => ({
          name: header.name,
          sizeBytes: Buffer.byteLength(body),
          sha256: sha(body),
        })),
        ...change,
      }),
    );
  const write = async (parts: readonly Part[]) => {
    const tar = pack();
    for (const { header, body } of parts) {
      if (body === undefined) tar.entry(header);
      else tar.entry(header, body as Buffer);
    }
    tar.finalize();
    await writeFile(archive, await buffer(tar));
  };
  const refused = async (message: string) => {
    await expect(restoreStore(archive, target)).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringContaining(message),
    });
    expect(leftInNew()).toEqual([]);
    expect(readdirSync(store.folder).sort()).toEqual(expect.not.arrayContaining(['evil', 'evil.txt']));
  };

  it.each([
    'artifacts/../../evil.txt',
    '../evil.txt',
    '/tmp/phantomnet-evil.txt',
    'artifacts//evil.txt',
    'artifacts/./evil.txt',
    'artifacts/a\\..\\evil.txt',
    'evil.txt',
    'artifacts/',
  ])('refuses the entry name %j', async (name) => {
    const parts = [file('database.sqlite', 'x'), file(name, 'evil')];
    await write([...parts, manifestOf(parts)]);
    await refused('its entry');
  });

  it.each(['symlink', 'link', 'directory', 'fifo', 'character-device'] as const)(
    'refuses a %s',
    async (type) => {
      const linkname = type === 'symlink' || type === 'link' ? '/etc/passwd' : undefined;
      const parts = [file('database.sqlite', 'x')];
      const header = { name: 'artifacts/evil', type, ...(linkname === undefined ? {} : { linkname }) };
      await write([...parts, { header }, manifestOf(parts)]);
      await refused(`is a ${type}`);
    },
  );

  it.each<[string, string, (db: Part) => Part[]]>([
    ['an entry twice', 'is in it twice', (db) => [db, db, manifestOf([db])]],
    ['no manifest', 'its manifest is missing', (db) => [db]],
    ['an entry behind the manifest', 'stands behind the manifest', (db) => [manifestOf([db]), db]],
    ['no database', 'its database is missing', () => [manifestOf([])]],
    ['a wrong digest', 'its SHA-256 differs', (db) => [db, manifestOf([file('database.sqlite', 'y')])]],
    [
      'a wrong size',
      'its SHA-256 differs',
      (db) => [db, manifestOf([], { files: [{ name: 'database.sqlite', sizeBytes: 9, sha256: sha('x') }] })],
    ],
    [
      'a file that is not listed',
      'is not in its manifest',
      (db) => [db, file('artifacts/a', 'a'), manifestOf([db])],
    ],
    [
      'a listed file that is not there',
      'is in its manifest alone',
      (db) => [db, manifestOf([db, file('artifacts/a', 'a')])],
    ],
    ['a file listed twice', 'lists a file twice', (db) => [db, manifestOf([db, db])]],
    [
      'files that collide',
      'collide',
      (db) => [db, file('artifacts/a', 'a'), file('artifacts/a/b', 'b'), manifestOf([db])],
    ],
    ['another version', 'is not of this version: version', (db) => [db, manifestOf([db], { version: 2 })]],
    ['a relative root', 'artifactRoot', (db) => [db, manifestOf([db], { artifactRoot: 'old' })]],
    ['a manifest that is no JSON', 'is not JSON', (db) => [db, file('manifest.json', '{')]],
    ['a database that is none', 'is not an SQLite database', (db) => [db, manifestOf([db])]],
  ])('refuses %s', async (_, message, partsOf) => {
    await write(partsOf(file('database.sqlite', 'x')));
    await refused(message);
  });

  it('refuses an archive that was cut off, at any place, and one that is no archive', async () => {
    await backupStore(archive, store.place);
    const whole = await readFile(archive);
    for (const share of [0.999, 0.9, 0.5, 0.01]) {
      await writeFile(archive, whole);
      await truncate(archive, Math.floor(whole.length * share - 1024));
      await refused('the backup cannot be used');
    }
    await writeFile(archive, 'no tar file at all'.repeat(100));
    await refused('it is no whole tar file');
  });

  it('refuses a database whose rows do not fit together', async () => {
    const db = await openMlflowDatabase(store.place);
    await db.write(() => db.sql.run('DELETE FROM latest_metrics'));
    await db.close();
    await backupStore(archive, store.place);
    await refused('the database in the backup is not sound: the latest value of "loss" is missing');
  });
});
