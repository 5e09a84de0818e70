import fc from 'fast-check';
import { expect, it } from 'vitest';
import { walkCall } from '../../collect/ingest/read-call.ts';
import { classifyStream, qualityLimits } from '../../contract/call-quality.ts';
import { storedRules } from './entity.ts';
import { Scanner } from './scanner.ts';
import { storedHealth } from './session-health.ts';

const durations = new Set(['averageRoundTripTime', 'averageJitter']);
const [metrics, packets] = [[...qualityLimits], 'packetUtilization'];
/** On either side of its limit, or null. */
const valueOf = (property: string, limit: number) => {
  const around = [limit / 2, limit, limit * 2];
  return fc.constantFrom<unknown>(
    null,
    ...(durations.has(property) ? around.map((seconds) => `PT${seconds}S`) : around),
  );
};
const members = fc.tuple(
  fc.constantFrom<[string, unknown]>([packets, 900], [packets, 10]),
  ...metrics.map(([property, { above, below }]) =>
    valueOf(property, above ?? below!).map((value): [string, unknown] => [property, value]),
  ),
);
const stream = members
  .chain((all) => fc.shuffledSubarray(all))
  .map((some): Record<string, unknown> => Object.fromEntries(some));
const media = fc.record({
  label: fc.constantFrom('main-audio', 'main-video', 'applicationsharing-video', 'data', null),
  streams: fc.array(stream, { maxLength: 3 }),
});
const session = fc.record({ failed: fc.boolean(), media: fc.array(media, { maxLength: 2 }) });

it('tells what judging every stream tells, in whatever order its metrics come', () => {
  fc.assert(
    fc.property(fc.array(session, { minLength: 1, maxLength: 3 }), (sessions) => {
      const record = {
        id: 'call',
        sessions: sessions.map(({ failed, media: of }, i) => ({
          id: `${i}`,
          ...(failed && { failureInfo: { reason: 'busy' } }),
          segments: [{ id: 's', media: of }],
        })),
      };
      const scanner = new Scanner(Buffer.from(JSON.stringify(record)), 0, undefined, storedRules);
      const { health, blocks, segments } = walkCall(scanner).call().call.sessions!.value;
      const expected = {
        failed: sessions.some(({ failed }) => failed),
        poor: sessions.some(({ media: of }) =>
          of.some(({ label, streams }) => streams.some((one) => classifyStream(label, one) === 'poor')),
        ),
      };
      expect(health).toEqual(expected);
      expect(storedHealth(blocks, segments)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
