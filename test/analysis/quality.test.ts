/** How a person's media were, decided from sessions in any form. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PanelBuilder, panelBounds } from '../../src/analysis/quality-panel.ts';
import { QualityTally } from '../../src/analysis/quality.ts';
import { sessionEnd, type SessionMedia } from '../../src/analysis/quality-streams.ts';
import { classifyStream } from '../../src/contract/call-quality.ts';

const names = (index: number) => ['Anna', 'Paul'][index]!;
const qualityOf = (sessions: readonly SessionMedia[], index = 0) => {
  const tally = new QualityTally();
  for (const session of sessions) tally.add(session);
  return tally.qualityOf(index, names, true);
};
const panelOf = (sessions: readonly SessionMedia[]) => {
  const panel = new PanelBuilder(0);
  for (const session of sessions) panel.add(session);
  return panel.result(names);
};
const annasSession = (segments: unknown, session = {}): SessionMedia => ({
  session,
  segments,
  caller: 0,
  callee: 'service',
});
const audio = (...streams: unknown[]) => [{ media: [{ label: 'main-audio', streams }] }];
const fine = {
  streamDirection: 'callerToCallee',
  packetUtilization: 5000,
  averageJitter: 'PT0.01S',
  averageRoundTripTime: 'PT0.1S',
  averagePacketLossRate: 0.01,
};

describe('a verdict', () => {
  it('is not good where a value that decides cannot be read', () => {
    for (const odd of [-1, '0.5', 'PT-5S', '-PT0.05S', 'P', 'soon', true, [], {}])
      expect(qualityOf([annasSession(audio({ ...fine, averageJitter: odd }))]).verdict).toBe('unclassified');
    expect(qualityOf([annasSession(audio({ ...fine, averageJitter: null }))]).verdict).toBe('good');
  });

  it('is poor by a value that can be read, whatever stands beside it', () => {
    const { sentence, decidedBy } = qualityOf([
      annasSession(audio({ ...fine, averageJitter: 'soon', averagePacketLossRate: 1e300 })),
    ]);
    expect(sentence).toBe("Anna's audio to the service was poor: packet loss 1.0e+302 %, more than 10 %.");
    expect(decidedBy).toMatchObject({ metric: 'averagePacketLossRate', threshold: 0.1 });
  });

  it('does not round a value to its limit', () => {
    const { sentence } = qualityOf([annasSession(audio({ ...fine, averageJitter: 'PT0.0301S' }))]);
    expect(sentence).toBe("Anna's audio to the service was poor: jitter 30.1 ms, more than 30 ms.");
  });

  it('names the stream that is furthest beyond its limit', () => {
    const { sentence } = qualityOf([
      annasSession(
        audio(
          { ...fine, averageJitter: 'PT0.05S' },
          { ...fine, streamDirection: 'calleeToCaller', averageRoundTripTime: 'PT5S' },
        ),
      ),
    ]);
    expect(sentence).toBe(
      'The audio that Anna received from the service was poor: round trip 5,000 ms, more than 500 ms.',
    );
  });

  it('takes no direction from a stream that states none', () => {
    for (const streamDirection of [undefined, null, 'sideways', 3]) {
      const quality = qualityOf([annasSession(audio({ ...fine, streamDirection, averageJitter: 'PT1S' }))]);
      expect([quality.sent.verdict, quality.received.verdict, quality.sentence]).toEqual([
        'noMedia',
        'noMedia',
        'The audio between Anna and the service was poor, in a direction that was not reported: jitter 1,000 ms, more than 30 ms.',
      ]);
    }
  });

  it('counts a stream once for a person at both ends', () => {
    const both = { session: {}, segments: audio(fine), caller: 0, callee: 0 };
    expect(qualityOf([both]).streams).toEqual({ good: 1, poor: 0, unclassified: 0 });
  });

  it('says when segments were not received, and when there are no streams', () => {
    expect(
      [
        qualityOf([]),
        qualityOf([annasSession(null)]),
        qualityOf([annasSession([{ media: null }])]),
        qualityOf([annasSession(null), annasSession(audio(fine))]),
      ].map(({ verdict, sentence }) => [verdict, sentence]),
    ).toEqual([
      ['noMedia', 'No media received: no session names Anna.'],
      ['noMedia', 'No media received: the sessions of Anna came without segments.'],
      ['noMedia', 'No media received: the sessions of Anna have no media streams.'],
      ['good', 'The only stream of Anna was good. The segments of 1 session were not received.'],
    ]);
  });

  it('takes the worst rating, of those that are one', () => {
    const rated = (rating: unknown) => annasSession([], { caller: { feedback: { rating } } });
    const ratingOf = (...all: readonly unknown[]) => qualityOf(all.map(rated)).rating;
    expect([
      ratingOf('notRated', null, 5),
      ratingOf('excellent', 'bad', 'poor'),
      ratingOf('unknownFutureValue', 'excellent'),
      ratingOf('unknownFutureValue'),
    ]).toEqual([null, 'bad', 'excellent', 'unknownFutureValue']);
  });
});

describe('a panel', () => {
  it('says of a private network what the record says, and nothing else', () => {
    const network = (callerNetwork: object) =>
      panelOf([annasSession([{ media: [{ callerNetwork }] }])]).networks.map(({ vpn }) => vpn);
    expect([
      network({ connectionType: 'wifi' }),
      network({ connectionType: 'tunnel' }),
      network({ connectionType: 'wifi', isVpn: false }),
      network({ connectionType: 'wifi', vpn: 'corporate' }),
      network({ connectionType: 'unknown', ipAddress: '', traceRouteHops: [] }),
    ]).toEqual([[null], ['tunnel'], ['no'], ['corporate'], []]);
  });

  it('shows the first streams of very many, and says so', () => {
    const many = Array.from({ length: 1_500 }, (_, i) => ({ ...fine, streamId: `${i}` }));
    const { streamList, isAll } = panelOf([annasSession(audio(...many, { ...fine, averageJitter: 'PT1S' }))]);
    expect([streamList.length, streamList[0]?.verdict, isAll]).toEqual([panelBounds.streams, 'poor', false]);
  });
});

it('knows a service by an end without identity, and an end that was not received', () => {
  const user = { user: { id: 'x' } };
  expect([
    sessionEnd({ userAgent: {} }, undefined),
    sessionEnd({ identity: user }, undefined),
    sessionEnd({ associatedIdentity: { id: 'x' } }, undefined),
    sessionEnd(null, undefined),
    sessionEnd('text', undefined),
    sessionEnd({ identity: user }, 3),
  ]).toEqual(['service', 'unknown', 'unknown', 'unknown', 'unknown', 3]);
});

describe('whatever is received', () => {
  const metric = fc.oneof(
    fc.constantFrom('PT0.01S', 'PT9S', 0.01, 0.9, 3, 60, 5000, 100, '5', null, 'x', -1),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const property = fc.constantFrom(
    ...(['packetUtilization', 'averageJitter', 'averageRoundTripTime', 'averagePacketLossRate'] as const),
    ...(['averageVideoFrameRate', 'averageVideoFrameLossPercentage'] as const),
  );
  const stream = fc
    .tuple(fc.dictionary(property, metric), fc.constantFrom('callerToCallee', 'calleeToCaller', null, 7))
    .map(([values, streamDirection]) => ({ ...values, streamDirection }));
  const odd = fc.jsonValue({ maxDepth: 2 });
  const listOf = (item: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 6, arbitrary: fc.array(item, { maxLength: 4 }) }, odd);
  const media = fc.record({
    label: fc.oneof(fc.constantFrom('main-audio', 'main-video', 'vbss', 'data'), odd),
    streams: listOf(fc.oneof({ weight: 6, arbitrary: stream }, odd)),
    callerNetwork: odd,
    callerDevice: odd,
  });
  const segments = listOf(fc.record({ media: listOf(media), caller: odd }));
  const end = fc.constantFrom<SessionMedia['caller']>(0, 1, 'service', 'unknown');
  const sessionMedia = fc.record({ session: fc.record({ caller: odd }), segments, caller: end, callee: end });

  it('the verdict is the worst of the streams of the person, and the panel has them all', () => {
    fc.assert(
      fc.property(fc.array(sessionMedia, { maxLength: 4 }), (sessions) => {
        const own = sessions.filter(({ caller, callee }) => caller === 0 || callee === 0);
        const verdicts = own.flatMap((one) =>
          objects(one.segments).flatMap((segment) =>
            objects(segment['media']).flatMap(({ label, streams }) =>
              objects(streams).map((stream) => classifyStream(label, stream)),
            ),
          ),
        );
        const expected =
          (['poor', 'good', 'unclassified'] as const).find((one) => verdicts.includes(one)) ?? 'noMedia';
        const { verdict, streams } = qualityOf(sessions);
        expect(verdict).toBe(expected);
        expect(streams.poor).toBe(verdicts.filter((one) => one === 'poor').length);
        const shown = new Set(panelOf(own as SessionMedia[]).streamList.map(({ values }) => values));
        expect(shown.size).toBe(verdicts.length);
      }),
      { numRuns: 300 },
    );
  });
});

function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.filter(
    (item): item is Record<string, unknown> =>
      typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}
