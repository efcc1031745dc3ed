// Read logs of a honeypot into one file of events, and look at them.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainLine, ingestLogs, readEventFile } from 'phantomnet';

const folder = mkdtempSync(join(tmpdir(), 'logs-'));
const log = join(folder, 'cowrie.json');
const event = { session: 'a1', src_ip: '192.0.2.7', sensor: 'oslo' };
writeFileSync(
  log,
  [
    {
      ...event,
      eventid: 'cowrie.login.failed',
      username: 'root',
      password: 'toor',
      timestamp: '2026-01-12T00:00:02Z',
    },
    { ...event, eventid: 'cowrie.session.connect', src_port: 40022, timestamp: '2026-01-12T00:00:01Z' },
  ]
    .map((record) => `${JSON.stringify(record)}\n`)
    .join(''),
);

const out = join(folder, 'events.parquet');
const report = await ingestLogs([log], { out, cache: 'none' });
console.log(`${report.events} events of ${report.files[0]?.source}`);

// By time, with the password replaced by what may be known of it.
for await (const events of readEventFile(out, ['event.action', 'credential.length']))
  for (const fields of events) console.log(JSON.stringify(fields));

const explained = await explainLine(log, 2);
for (const { field, value, from } of explained.events[0] ?? [])
  if (field === 'source.port') console.log(`${field} is ${value}, from ${from}`);
