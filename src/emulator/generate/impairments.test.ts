import { describe, expect, it } from 'vitest';
import { classificationOf, classifyStream } from '../../contract/call-quality.ts';
import { defaultGenerateOptions, generateLines } from './generate.ts';

interface Session {
  readonly caller: { readonly feedback?: { readonly rating: string } };
  readonly segments: readonly {
    readonly media: readonly {
      readonly label: string;
      readonly streams: readonly Readonly<Record<string, unknown>>[];
    }[];
  }[];
}

const sessions = [...generateLines({ ...defaultGenerateOptions, calls: 400, largest: 60 })].flatMap(
  (line) => (JSON.parse(line) as { readonly sessions: readonly Session[] }).sessions,
);
const streamsOf = ({ segments }: Session) =>
  segments.flatMap(({ media }) =>
    media.flatMap(({ label, streams }) => streams.map((stream) => ({ label, stream }))),
  );
const isPoor = (session: Session) =>
  streamsOf(session).some(({ label, stream }) => classifyStream(label, stream) === 'poor');

describe('bad networks', () => {
  it('make a few of a hundred streams poor', () => {
    const verdicts = sessions.flatMap(streamsOf).map(({ label, stream }) => classifyStream(label, stream));
    const share = verdicts.filter((verdict) => verdict === 'poor').length / verdicts.length;
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.05);
  });

  it('make streams poor in each way that is documented of them', () => {
    const ways = new Set(
      sessions
        .flatMap(streamsOf)
        .flatMap(({ label, stream }) =>
          classificationOf(label, stream).breaches.map(({ rule }) => rule.property),
        ),
    );
    expect([...ways].sort()).toEqual([
      'averageJitter',
      'averagePacketLossRate',
      'averageRoundTripTime',
      'averageVideoFrameLossPercentage',
    ]);
  });

  it('make those who have them complain more often than others', () => {
    const share = (some: readonly Session[]) =>
      some.filter(({ caller }) => caller.feedback?.rating === 'poor').length / some.length;
    const isTold = (session: Session) => streamsOf(session).length > 0;
    expect(share(sessions.filter(isPoor))).toBeGreaterThan(
      10 * share(sessions.filter((session) => isTold(session) && !isPoor(session))),
    );
  });
});
