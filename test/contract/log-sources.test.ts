import { expect, it } from 'vitest';
import { LOG_SOURCES } from '#src/ingest/sensors/log-sources.js';
import { type LogSourceCase, logSourceContract } from './log-source.contract.js';

const cases: LogSourceCase[] = [
  { source: 'cowrie', file: 'cowrie.log', passwords: ['S3cret!pass', 'newpass1'] },
  { source: 'dionaea', file: 'dionaea.log', passwords: ['Ftp!pw345', 'Sql!pw901'] },
  { source: 'dionaea', file: 'dionaea-mhn.log' },
  {
    source: 'opencanary',
    file: 'opencanary.log',
    passwords: [
      'Http!pw12',
      'Ftp!pw345',
      'Ssh!pw678',
      'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
      'Sql!pw901',
      'Redis!pw2',
      'VncPass77',
      'c0mmunity',
    ],
  },
  { source: 'suricata', file: 'suricata.log', passwords: ['Ftp!pass7', 'mqttS3cret', 'urlpass99'] },
  {
    source: 'tpot',
    file: 'tpot.log',
    passwords: ['Cowrie!pw1', 'Sql!pw901', 'Herald!pw5', 'urlpass99'],
  },
  {
    source: 'week6',
    file: 'week6.log',
    passwords: ['tok3nvalue', 'Http!pw12', 'Ssh!pw678', 'q~7'],
  },
  { source: 'week6', file: 'week6.csv', passwords: ['tok3nvalue', 'Http!pw12', 'Ssh!pw678', 'q~7'] },
  { source: 'zeek', file: 'zeek.log', passwords: ['tok3nvalue', 'Http!pw12', 'Nessus@pw.example'] },
  {
    source: 'zeek',
    file: 'zeek-json.log',
    passwords: ['jsonpass55', 'JsonPw!77'],
    timeBaseMs: Date.UTC(2024, 2, 5),
  },
  { source: 'events', file: 'events.log', passwords: ['Gen!pw12', 'Url!pw34', 'Orig!pw56'] },
  { source: 'events', file: 'events.csv', passwords: ['Csv!pw78'] },
];

for (const testCase of cases) await logSourceContract(testCase);

it('every log source runs the contract', () => {
  expect(new Set(cases.map((c) => c.source))).toEqual(new Set(LOG_SOURCES.map((source) => source.name)));
});
