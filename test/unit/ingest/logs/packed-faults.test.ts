import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packFaults, unpackFaults } from '#src/ingest/logs/packed-faults.js';

it('faults come out of the pack as they went in, each kind kept once', () => {
  const fault = fc.record(
    {
      line: fc.integer({ min: 1, max: 2 ** 40 }),
      code: fc.constantFrom('bad-json' as const, 'cut' as const, 'bad-port' as const),
      reason: fc.constantFrom('a', 'b'),
      column: fc.constantFrom('a', 'b', 'src_port'),
      text: fc.string({ maxLength: 3 }),
    },
    { requiredKeys: ['line', 'code', 'reason'] },
  );
  fc.assert(
    fc.property(fc.array(fault), (faults) => {
      const packed = packFaults(faults);
      expect(unpackFaults(packed)).toEqual(faults);
      const kinds = faults.map(({ code, reason, column, text }) =>
        JSON.stringify([code, reason, column, text]),
      );
      expect(packed.kinds).toHaveLength(new Set(kinds).size);
    }),
  );
});
