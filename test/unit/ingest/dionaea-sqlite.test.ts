import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventFields } from '#src/data/index.js';
import { readLogEvents } from '#src/ingest/logs/index.js';
import type { RowFault } from '#src/ingest/row.js';
import { DIONAEA } from '#src/ingest/sensors/dionaea.js';
import { dionaeaLines } from '#src/ingest/sensors/dionaea-sqlite.js';
import { EventCollector } from '#src/ingest/sensors/event-collector.js';
import { SecretVault } from '#src/ingest/sensors/secret-vault.js';
import { connectSqlite } from '#src/storage/sqlite-database.js';

/** The tables that are read, as Dionaea's log_sqlite makes them. */
const SCHEMA = `
  CREATE TABLE connections (connection INTEGER PRIMARY KEY, connection_type TEXT, connection_transport TEXT,
    connection_protocol TEXT, connection_timestamp INTEGER, connection_root INTEGER, connection_parent INTEGER,
    local_host TEXT, local_port INTEGER, remote_host TEXT, remote_hostname TEXT, remote_port INTEGER);
  CREATE TRIGGER root AFTER INSERT ON connections WHEN new.connection_root IS NULL
    BEGIN UPDATE connections SET connection_root = connection WHERE connection = new.connection; END;
  CREATE TABLE logins (login INTEGER PRIMARY KEY, connection INTEGER, login_username TEXT, login_password TEXT);
  CREATE TABLE downloads (download INTEGER PRIMARY KEY, connection INTEGER, download_url TEXT, download_md5_hash TEXT);
  CREATE TABLE offers (offer INTEGER PRIMARY KEY, connection INTEGER, offer_url TEXT);
  CREATE TABLE mssql_commands (mssql_command INTEGER PRIMARY KEY, connection INTEGER, mssql_command_status TEXT,
    mssql_command_cmd TEXT);
  CREATE TABLE mysql_commands (mysql_command INTEGER PRIMARY KEY, connection INTEGER, mysql_command_cmd NUMBER NOT NULL);
  CREATE TABLE mysql_command_args (mysql_command_arg INTEGER PRIMARY KEY, mysql_command INTEGER,
    mysql_command_arg_index NUMBER NOT NULL, mysql_command_arg_data TEXT NOT NULL);
  CREATE TABLE emu_services (emu_serivce INTEGER PRIMARY KEY, connection INTEGER, emu_service_url TEXT);
  CREATE TABLE sip_commands (sip_command INTEGER PRIMARY KEY, connection INTEGER, sip_command_method,
    sip_command_call_id, sip_command_user_agent, sip_command_allow INTEGER);
  CREATE TABLE mqtt_fingerprints (mqtt_fingerprint INTEGER PRIMARY KEY, connection INTEGER,
    mqtt_fingerprint_clientid TEXT, mqtt_fingerprint_willtopic TEXT, mqtt_fingerprint_willmessage TEXT,
    mqtt_fingerprint_username TEXT, mqtt_fingerprint_password TEXT);
  CREATE TABLE mqtt_publish_commands (mqtt_publish_command INTEGER PRIMARY KEY, connection INTEGER,
    mqtt_publish_command_topic TEXT, mqtt_publish_command_message TEXT);`;

const ROWS = `
  INSERT INTO connections VALUES (1, 'accept', 'tcp', 'mssqld', 1709632800.123456, 1, NULL, '192.0.2.3', 1433,
    '::ffff:198.51.100.7', '', 50001);
  INSERT INTO connections VALUES (2, 'connect', 'tcp', 'remoteshell', 1709632801, 1, 1, '192.0.2.3', 1044,
    '203.0.113.9', '', 4444);
  INSERT INTO connections VALUES (3, 'listen', 'udp', 'SipSession', 1709632802, 3, NULL, '192.0.2.3', 5060, '', '', 0);
  INSERT INTO connections VALUES (4, 'accept', 'tcp', 'mysqld', 1709632803.5, 4, NULL, '192.0.2.3', 3306,
    '198.51.100.8', '', 50002);
  INSERT INTO logins VALUES (1, 1, 'sa', 'Sql!pw901'), (2, 4, 'root', ''), (3, 4, x'c3a9', x'ff41');
  INSERT INTO downloads VALUES (1, 2, 'http://u:urlpass99@203.0.113.9/x.exe', 'AB12');
  INSERT INTO offers VALUES (1, 2, 'http://203.0.113.9/x.exe');
  INSERT INTO mssql_commands VALUES (1, 1, 'complete', 'exec sp_addlogin hax; password=''Cmd!pw55''');
  INSERT INTO mysql_commands VALUES (1, 4, 3);
  INSERT INTO mysql_command_args VALUES (1, 1, 0, 'select 1');
  INSERT INTO emu_services VALUES (1, 1, 'bindshell://4444');
  INSERT INTO sip_commands VALUES (1, 3, 'REGISTER', 'c', 'friendly-scanner', 0);
  INSERT INTO mqtt_fingerprints VALUES (1, 1, 'c', '', '', 'dev', 'mqttS3cret');
  INSERT INTO mqtt_publish_commands VALUES (1, 1, 'topic', 'on');`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dionaea-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
async function database(sql: string): Promise<string> {
  const path = join(folder, `d ${made++} %41?#.sqlite`);
  const db = await connectSqlite(path);
  db.exec(sql);
  db.close();
  return path;
}

interface Row {
  readonly table: string;
  readonly read: readonly EventFields[] | RowFault;
}

async function read(path: string, keepSecrets = false): Promise<Row[]> {
  const collector = new EventCollector({
    file: 'f',
    vault: new SecretVault({ key: Buffer.alloc(32, 7), keepSecrets }),
    zoneMinutes: 120,
    timeBaseMs: undefined,
    keepOriginal: true,
  });
  const parts: Buffer[] = [];
  for await (const part of dionaeaLines(path)) parts.push(part);
  const lines = Buffer.concat(parts).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, i) => ({
    table: (JSON.parse(line) as { table: string }).table,
    read: collector.read(line, i + 1, DIONAEA.open()),
  }));
}

const briefly = (rows: readonly Row[]) =>
  rows.map(({ table, read }) =>
    'code' in read ? [table, read.code, read.column] : [table, read[0]!['event.action']],
  );

describe("Dionaea's database", () => {
  it('gives one event a row, connections first', async () => {
    const rows = await read(await database(SCHEMA + ROWS));
    expect(briefly(rows)).toEqual([
      ['connections', 'dionaea.connection.accept'],
      ['connections', 'dionaea.connection.connect'],
      ['connections', 'dionaea.connection.listen'],
      ['connections', 'dionaea.connection.accept'],
      ['logins', 'dionaea.login'],
      ['logins', 'dionaea.login'],
      ['logins', 'dionaea.login'],
      ['downloads', 'dionaea.download'],
      ['offers', 'dionaea.offer'],
      ['mssql_commands', 'dionaea.mssql.command'],
      ['mysql_command_args', 'dionaea.mysql.command'],
      ['emu_services', 'dionaea.service'],
      ['sip_commands', 'dionaea.sip.command'],
      ['mqtt_fingerprints', 'dionaea.mqtt.connect'],
      ['mqtt_publish_commands', 'dionaea.mqtt.publish'],
    ]);
    for (const [, action] of briefly(rows)) expect(DIONAEA.actions).toContain(action);
  });

  it('reads each field where it stands, with the time and addresses of the connection', async () => {
    const events = (await read(await database(SCHEMA + ROWS))).map(({ read }) =>
      'code' in read ? {} : read[0]!,
    );
    expect(events[0]).toMatchObject({
      '@timestamp': 1_709_632_800_123,
      'source.ip': '198.51.100.7',
      'source.port': 50_001,
      'destination.ip': '192.0.2.3',
      'destination.port': 1433,
      'network.transport': 'tcp',
      'network.protocol': 'mssql',
      session: '1',
      'log.line': 1,
    });
    // The sensor called out, so it is the client.
    expect(events[1]).toMatchObject({
      'source.ip': '192.0.2.3',
      'destination.ip': '203.0.113.9',
      session: '2',
    });
    expect(events[2]).not.toHaveProperty(['source.port']);
    expect(events[4]).toMatchObject({
      'user.name': 'sa',
      'credential.length': 9,
      '@timestamp': 1_709_632_800_123,
    });
    expect(events[5]).not.toHaveProperty(['credential.length']);
    // Written as bytes: UTF-8 is read, what is none of it is replaced.
    expect(events[6]).toMatchObject({ 'user.name': 'é', 'credential.length': 2 });
    expect(events[7]).toMatchObject({ 'file.hash.md5': 'ab12', 'source.ip': '192.0.2.3' });
    expect(events[10]).toMatchObject({ 'process.command_line': 'select 1', session: '4' });
  });

  it('lets no password out, and out with keepSecrets', async () => {
    const path = await database(SCHEMA + ROWS);
    const [hidden, kept] = [JSON.stringify(await read(path)), JSON.stringify(await read(path, true))];
    for (const password of ['Sql!pw901', 'urlpass99', 'Cmd!pw55', 'mqttS3cret']) {
      expect(hidden).not.toContain(password);
      expect(kept).toContain(password);
    }
  });

  it('reads more than a page, in order, and leaves the file and its folder as they were', async () => {
    const many = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
      INSERT INTO logins SELECT i * 3, 1, 'u' || i, '' FROM n`;
    const path = await database(`${SCHEMA}${ROWS} DELETE FROM logins; ${many}`);
    const [bytes, files] = [readFileSync(path), readdirSync(folder)];
    const logins = (await read(path)).filter(({ table }) => table === 'logins');
    expect(logins.map(({ read }) => ('code' in read ? read : read[0]!['user.name']))).toEqual(
      Array.from({ length: 250 }, (_, i) => `u${i + 1}`),
    );
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(files);
  });

  it('rejects what cannot be, and goes on', async () => {
    const rows = `
      INSERT INTO connections VALUES (1, 'accept', 'tcp', 'httpd', 'soon', 1, NULL, '192.0.2.3', 80, '198.51.100.7', '', 1);
      INSERT INTO connections VALUES (2, 'accept', 'tcp', 'httpd', 1709632800, 1, NULL, '192.0.2.3', 80, 'x', '', 1);
      INSERT INTO connections VALUES (3, 'accept', 'tcp', 'httpd', 1709632800, 1, NULL, '192.0.2.3', -1, '198.51.100.7', '', 1);
      INSERT INTO connections VALUES (4, NULL, 'tcp', 'httpd', 1709632800, 1, NULL, '192.0.2.3', 80, '198.51.100.7', '', 1);
      INSERT INTO connections VALUES (5, 'accept', 'tcp', zeroblob(3), 1709632800, 1, NULL, '192.0.2.3', 80, '198.51.100.7', '', 1);
      INSERT INTO connections VALUES (6, 'accept', 'tcp', 'httpd', 9e999, 1, NULL, '192.0.2.3', 80, '198.51.100.7', '', 1);
      INSERT INTO connections VALUES (9223372036854775807, 'accept', 'tcp', 'httpd', 1709632800, 1, NULL, NULL, NULL, NULL, NULL, NULL);
      INSERT INTO logins VALUES (1, 99, 'u', 'p'), (2, 'x', 'u', 'p'), (-5, 9223372036854775807, 'u', CAST(x'ff' AS TEXT));
      INSERT INTO offers VALUES (1, 9223372036854775807, zeroblob(50000000)), (2, 9223372036854775807, 'ok');`;
    expect(briefly(await read(await database(SCHEMA + rows)))).toEqual([
      ['connections', 'bad-time', 'connection_timestamp'],
      ['connections', 'bad-address', 'remote_host'],
      ['connections', 'bad-port', 'local_port'],
      ['connections', 'missing-value', 'connection_type'],
      ['connections', 'nul', 'connection_protocol'],
      ['connections', 'bad-time', 'connection_timestamp'],
      ['connections', 'dionaea.connection.accept'],
      ['logins', 'dionaea.login'],
      ['logins', 'missing-value', 'connection_type'],
      ['logins', 'missing-value', 'connection_type'],
      ['offers', 'too-large', 'offer_url'],
      ['offers', 'dionaea.offer'],
    ]);
  });

  it.each([
    ['no tables', 'CREATE TABLE t (x)', 'connections'],
    [
      'a view without end',
      `CREATE VIEW connections AS WITH RECURSIVE n(connection) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT * FROM n`,
      'connections',
    ],
    [
      'a view in place of a table',
      `${SCHEMA} DROP TABLE logins; CREATE VIEW logins AS SELECT * FROM offers`,
      'logins',
    ],
    [
      'a computed column',
      `${SCHEMA} DROP TABLE offers; CREATE TABLE offers (offer INTEGER PRIMARY KEY, connection INTEGER,
         offer_url TEXT AS (hex(zeroblob(400000000))))`,
      'offers',
    ],
    [
      'no row numbers',
      `${SCHEMA} DROP TABLE offers; CREATE TABLE offers (rowid, connection, offer_url)`,
      'offers',
    ],
    ['a missing column', `${SCHEMA} ALTER TABLE logins DROP COLUMN login_password`, 'logins'],
    [
      'a connection that is no key',
      SCHEMA.replace('connection INTEGER PRIMARY KEY', 'connection INTEGER'),
      'connections',
    ],
  ])('refuses %s', async (_, sql, table) => {
    const path = await database(sql);
    await expect(read(path)).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: `${path} has no table ${table} as Dionaea makes it`,
      hint: 'give the database that Dionaea writes with log_sqlite, dionaea.sqlite',
    });
  });

  it('reads what there is of a database of another version', async () => {
    const path = await database(`${SCHEMA}${ROWS} DROP TABLE mqtt_fingerprints; DROP TABLE mysql_commands`);
    expect(await read(path)).toHaveLength(13);
  });

  it('says what is wrong with a file', async () => {
    const absent = join(folder, 'absent.sqlite');
    await expect(read(absent)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `there is no file ${absent}`,
    });
    const log = join(folder, 'log.sqlite');
    writeFileSync(log, '{"connection": {}}\n'.repeat(100));
    await expect(read(log)).rejects.toMatchObject({ code: 'INTEGRITY' });
    const path = await database(SCHEMA + ROWS);
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.from(bytes).fill(0xff, 4096 * 2));
    await expect(read(path)).rejects.toMatchObject({ code: 'INTEGRITY' });
    // Byte 44 of the header is the format of the schema, of which there are four.
    bytes.writeUInt32BE(9, 44);
    writeFileSync(path, bytes);
    await expect(read(path)).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: `database ${path} cannot be read (unsupported file format)`,
      hint: 'salvage it with sqlite3 and .recover',
    });
  });

  it('does not follow rows that lead back to where they were', async () => {
    const rows = `INSERT INTO connections SELECT 1, 'accept', '', '', 1709632800, 1, 0, '192.0.2.3', 1, '198.51.100.7', '', 1;
      INSERT INTO offers VALUES (1, 1, 'offer one'), (2, 1, 'offer two')`;
    const path = await database(SCHEMA + rows);
    const bytes = readFileSync(path);
    // Before its text a row has its length, its number, and a header of four bytes.
    const at = bytes.indexOf('offer two') - 5;
    expect(bytes[at]).toBe(2);
    bytes[at] = 1;
    writeFileSync(path, bytes);
    await expect(read(path)).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: `table offers of ${path} is damaged`,
      hint: 'salvage the file with sqlite3 and .recover',
    });
  });

  it('is a log like any other, but neither packed nor from standard input', async () => {
    const path = await database(SCHEMA + ROWS);
    const events: EventFields[] = [];
    for await (const batch of readLogEvents(path)) events.push(...batch.events);
    expect(events.map((event) => event['log.line'])).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    const packed = `${path}.gz`;
    writeFileSync(packed, gzipSync(readFileSync(path)));
    await expect(readLogEvents(packed).next()).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringMatching(/ is an SQLite database$/),
      hint: 'name the file itself, expanded',
    });
    await expect(readLogEvents(createReadStream(path)).next()).rejects.toMatchObject({ code: 'BAD_DATA' });
  });
});
