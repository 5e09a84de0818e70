/** What the page says in words and in its addresses. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  audioRules,
  tooFewPackets,
  classificationOf,
  classifyStream,
  screenSharingRules,
  videoRules,
} from '../../src/contract/call-quality.ts';
import { callStates } from '../../src/contract/call-outcome.ts';
import { reasonKinds } from '../../src/contract/failure.ts';
import { formatMetric, ruleWords } from '../../src/contract/quality-words.ts';
import { completenessWords } from '../../src/web/call/completeness.ts';
import { bucketName, everyDay } from '../../src/web/statistics/statistics.ts';
import { syncWords } from '../../src/web/status/status.ts';
import { formatLength } from '../../src/web/times.ts';

/** What docs/page.md says, its lines and columns aside. */
const documented = readFileSync(new URL('../../docs/page.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');

it('says lengths as one does', () => {
  expect([0, 59_400, 60_000, 3_540_000, 3_600_000, 3_900_000].map(formatLength)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h 00 min',
    '1 h 05 min',
  ]);
});

it('says how complete a call is', () => {
  const list = { count: 131, complete: true, pages: 2 };
  const whole = {
    ...({ state: 'unverified', reason: 'neverVerified', sinceDateTime: null } as const),
    complete: true,
    lacking: [],
    participants: list,
    sessions: null,
    foundParticipants: 1,
    ...{ odd: 0, oddities: [], quarantined: [] },
    receivedDateTime: null,
  };
  const moment = (dateTime: string) => `on ${dateTime.slice(0, 10)}`;
  const verified = { state: 'verified', reason: 'checked', sinceDateTime: '2026-11-30T10:00:00Z' } as const;
  expect(completenessWords({ ...whole, ...verified }, moment)[0]).toBe(
    'Verified on 2026-11-30: nothing is known to be missing.',
  );
  expect(completenessWords(whole, moment)).toEqual([
    'Not verified.',
    'No verification has run.',
    '131 participants received in 2 pages, to the end of the list.',
    '1 person is known only from the sessions: the received list does not have them.',
  ]);
  expect(
    completenessWords(
      {
        ...whole,
        ...({ state: 'missing', reason: 'listMissing' } as const),
        complete: false,
        lacking: ['listMissing'],
        participants: null,
        foundParticipants: 3,
      },
      moment,
    ),
  ).toEqual([
    'Incomplete.',
    'The list of participants was not received.',
    '3 people are inferred from the sessions and the record.',
  ]);
  expect(
    completenessWords(
      {
        ...whole,
        ...({ state: 'missing', reason: 'pagesMissing' } as const),
        complete: false,
        lacking: ['sessionPages'],
        participants: null,
        foundParticipants: 0,
        sessions: { count: 60, complete: false, pages: null },
      },
      moment,
    ),
  ).toEqual([
    'Incomplete.',
    'Pages of the list of sessions are missing.',
    '60 sessions received, and the list continues.',
  ]);
});

it('says how far behind upstream a tenant is', () => {
  const sync = {
    listedUntilDateTime: null,
    lastListedDateTime: null,
    lagSeconds: 90,
    wanted: 2,
    gone: 1,
    nextDueDateTime: null,
  };
  expect(syncWords(sync)).toEqual([
    'Sync has listed upstream up to 2 min ago.',
    '2 calls still to fetch.',
    '1 call expired at upstream before sync fetched them.',
  ]);
});

describe('media quality', () => {
  it('names its thresholds in the units that are read', () => {
    expect(ruleWords(audioRules)).toBe(
      'more than 500 ms round trip, more than 10 % packet loss or more than 30 ms jitter',
    );
    expect(ruleWords(screenSharingRules)).toContain('fewer than 2 frames a second');
    for (const rules of [audioRules, videoRules, screenSharingRules])
      expect(documented).toContain(ruleWords(rules));
    expect(documented).toContain(`if more than ${tooFewPackets} packets were sent`);
    expect(formatMetric('averagePacketLossRate', 0.0123)).toBe('1.2 %');
  });

  it('names what makes a stream poor, and nothing of one that is not', () => {
    const metrics = fc.record(
      {
        packetUtilization: fc.constantFrom(100, 5000),
        averageJitter: fc.constantFrom('PT0.01S', 'PT0.05S'),
        averageRoundTripTime: fc.constantFrom('PT0.1S', 'PT0.6S'),
        averageVideoFrameRate: fc.constantFrom(1, 5, 20),
        averageVideoFrameLossPercentage: fc.constantFrom(1, 60),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.constantFrom('main-audio', 'main-video', 'vbss', 'data'), metrics, (label, stream) => {
        expect(classificationOf(label, stream).breaches.length > 0).toBe(
          classifyStream(label, stream) === 'poor',
        );
      }),
    );
    expect(
      classificationOf('main-audio', {
        packetUtilization: 5000,
        averageJitter: 'PT0.05S',
        averageRoundTripTime: 'PT0.1S',
      }).breaches.map(({ rule, value }) => [rule.property, value]),
    ).toEqual([['averageJitter', 0.05]]);
  });
});

it('documents each state and each kind of reason', () => {
  expect([...callStates, ...reasonKinds].filter((one) => !documented.includes(`\`${one}\``))).toEqual([]);
});

describe('statistics', () => {
  it('have every day, those without calls too', () => {
    const none = { participants: 0, failed: 0, notAnswered: 0, declined: 0, busy: 0, canceled: 0, poor: 0 };
    const day = (date: string, calls: number) => ({ date, calls, ...none });
    expect(
      everyDay([day('2026-02-27', 2), day('2026-03-02', 1)]).map(({ date, calls }) => `${date} ${calls}`),
    ).toEqual(['2026-02-27 2', '2026-02-28 0', '2026-03-01 0', '2026-03-02 1']);
    expect(everyDay([])).toEqual([]);
  });

  it('name sizes as ranges', () => {
    expect(
      [
        { from: 1, to: 1 },
        { from: 201, to: 1000 },
        { from: 1001, to: null },
      ].map(bucketName),
    ).toEqual(['1', '201–1,000', 'more than 1,000']);
  });
});
