// Turns raw events into numbers. Passwords are taken out when events are read; their lengths and characters count.
import { describeFeatures, eventsFromRecords, fitFeatures, labelEvents, WEEK6_SCHEMA } from 'phantomnet';

const events = eventsFromRecords([
  { honeypot_type: 'ssh', event: 'login_failed', data: { username: 'root', password: 'hunter2' } },
  { honeypot_type: 'ftp', event: 'disconnect', data: null },
]);
console.log(events[0]?.fields['payload']);

const features = fitFeatures(events, {
  schema: WEEK6_SCHEMA,
  features: ['payload_length', 'payload_keys', 'protocol'],
});
const { values, nSamples } = features.transform(events);
const width = features.features.length;
for (let i = 0; i < nSamples; i++) console.log([...values.subarray(i * width, (i + 1) * width)].join(' '));

console.log(`labels: ${[...labelEvents(events).codes].join(' ')}`);
console.log(`${describeFeatures().length} features to choose from`);
