// Reads events from a file, batch by batch. A row that cannot be read is counted and shown, never dropped in silence.
import { Readable } from 'node:stream';
import { readAllEvents, readEvents, SAMPLE_PATH } from 'phantomnet';

const stream = readEvents(SAMPLE_PATH);
const byProtocol = new Map<string, number>();
for await (const events of stream)
  for (const { fields } of events) {
    const protocol = String(fields['network.protocol'] ?? 'none');
    byProtocol.set(protocol, (byProtocol.get(protocol) ?? 0) + 1);
  }
console.log(`${stream.report.accepted} of ${stream.report.rowsRead} rows accepted`);
for (const [protocol, count] of [...byProtocol].sort()) console.log(`${protocol}: ${count}`);

const damaged = `honeypot_type,event,data
ssh,login_failed,"{'username': 'root', 'password': 'hunter2'}"
ssh,command,"{'command': 'ls'"
`;
const { events, report } = await readAllEvents(Readable.from([damaged]), {
  maxRejects: 0.5,
  onReject: ({ line, column, reason }) => console.log(`line ${line}, column ${column}: ${reason}`),
});
console.log(`${report.rejected} rejected; the other says ${events[0]?.fields['payload']}`);
