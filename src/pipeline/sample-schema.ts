import { z } from 'zod';
import { TAXONOMIES } from '../features/index.js';

const value = z.union([z.string(), z.number()]);
const fields = z.record(z.string(), z.union([value, z.array(value).min(1)]));
const condition = z.union([fields, z.array(fields).min(1)]);

/** What one sample is, of a file or logs of events. */
export const sampleSchema = z.strictObject({
  unit: z
    .enum(['event', 'session'])
    .describe('event: each event is a sample; session: each session is one')
    .default('event'),
  where: condition
    .describe('events that count: fields with what they must be, a value, a list of them, or text with *')
    .optional(),
  until: condition
    .describe('session: features are made of the events before the first of these, which is not seen')
    .optional(),
  maxSeconds: z
    .number()
    .positive()
    .describe('session: features are made of its first seconds only')
    .optional(),
  history: z
    .boolean()
    .describe(
      'whether samples also have what came before them from their source, and of an event in its session',
    )
    .default(true),
});

/** How the label of a sample is made of events. */
export const labelRuleShape = {
  when: condition
    .describe('events: the label is 1 where the event, or any event of the session, is so, else 0')
    .optional(),
  field: z.string().min(1).describe('events: the label is the text of this field').optional(),
  join: z
    .strictObject({
      events: condition.describe('the events that hold the label, such as alerts'),
      on: z.array(z.string().min(1)).min(1).describe('fields that both have with the same value'),
      withinSeconds: z.number().positive().describe('how far apart in time they may be').optional(),
      take: z.string().min(1).describe('the field of those events that is the label'),
      otherwise: z
        .string()
        .min(1)
        .describe('label of samples without such an event; they are left out when absent')
        .optional(),
    })
    .describe('events: the label is a field of another event with the same values')
    .optional(),
  taxonomy: z
    .enum(TAXONOMIES)
    .describe(
      'events of a honeypot: the label is the technique of MITRE ATT&CK that an event shows, or how far the attack has come; of a session, the furthest',
    )
    .optional(),
  classes: z
    .record(z.string(), z.string().min(1))
    .describe(
      'texts of field, join.take, join.otherwise or taxonomy, and the class that each is; all others but join.otherwise are left out',
    )
    .optional(),
};
