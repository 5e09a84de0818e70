import fc from 'fast-check';
import { expect, it } from 'vitest';
import { walkCall } from '../../collect/ingest/read-call.ts';
import { OutcomeTally } from '../../contract/call-outcome.ts';
import { decidingFailure, failureOf } from '../../contract/failure.ts';
import { classifyStream, qualityLimits } from '../../contract/call-quality.ts';
import { userRatings } from '../../contract/user-rating.ts';
import { storedRules } from './entity.ts';
import { Scanner } from './scanner.ts';
import { storedHealth } from './session-health.ts';

const durations = new Set(['averageRoundTripTime', 'averageJitter']);
const [metrics, packets] = [[...qualityLimits], 'packetUtilization'];
/** A value on either side of the limit, null, or one that is not a measurement. */
const valueOf = (property: string, limit: number) => {
  const around = [limit / 2, limit, limit * 2];
  return fc.constantFrom<unknown>(
    null,
    ...[-5, 0.2, '0.2', 60, '60', 'soon', '-PT5S', 'PT', 'NaN', '\u0050T9S'],
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
const failure = fc.option(
  fc.record({
    stage: fc.constantFrom('callSetup', 'midcall'),
    reason: fc.constantFrom('busy', 'Call was not answered.', 'Client crashed.', 'é \ud83d\ude00', '', null),
  }),
  { nil: undefined },
);
const session = fc.record({
  own: failure,
  ofSegment: failure,
  caller: fc.constantFrom(undefined, 'a', 'b', 'c'),
  rating: fc.constantFrom(undefined, 'bad', 'good', 'notRated', 'bAd', 5, null),
  isRatedInSegment: fc.boolean(),
  media: fc.array(media, { maxLength: 2 }),
});

it('decides the same for received sessions, stored sessions and their single failures and streams', () => {
  fc.assert(
    fc.property(fc.array(session, { minLength: 1, maxLength: 4 }), (sessions) => {
      const record = {
        id: 'call',
        sessions: sessions.map(({ own, ofSegment, caller, media: of, rating, isRatedInSegment }, i) => ({
          id: `${i}`,
          caller: {
            ...(caller && { identity: { user: { id: caller } } }),
            ...(!isRatedInSegment && { feedback: { text: '"rating":"poor"', rating } }),
          },
          segments: [
            {
              ...{ id: 's', callee: { feedback: isRatedInSegment ? { rating } : null } },
              ...(ofSegment && { failureInfo: ofSegment }),
              media: of,
            },
          ],
          ...(own && { failureInfo: own }),
        })),
      };
      const scanner = new Scanner(Buffer.from(JSON.stringify(record)), 0, undefined, storedRules);
      const { health, blocks, segments } = walkCall(scanner).call().call.sessions!.value;
      const tally = new OutcomeTally();
      for (const { own, ofSegment, caller } of sessions) {
        const failures = [own, ofSegment].flatMap((one) => (one === undefined ? [] : [failureOf(one)]));
        tally.add(caller === undefined ? [] : [caller], decidingFailure(failures));
      }
      const poor = sessions.some(({ media: of }) =>
        of.some(({ label, streams }) => streams.some((one) => classifyStream(label, one) === 'poor')),
      );
      const ratings = userRatings.filter((one) => sessions.some(({ rating }) => rating === one));
      expect(health).toEqual({ ...tally.result(), poor, ratings });
      expect(storedHealth(blocks, segments)).toEqual({ ...tally.result(), poor, ratings });
    }),
    { numRuns: 500 },
  );
});
