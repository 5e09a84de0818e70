/** What the page says in words and in its addresses. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  audioRules,
  tooFewPackets,
  classifyStream,
  poorMetrics,
  screenSharingRules,
  videoRules,
} from '../../src/contract/call-quality.ts';
import { callStates } from '../../src/contract/call-outcome.ts';
import { reasonKinds } from '../../src/contract/failure.ts';
import { completenessWords } from '../../src/web/call/completeness.ts';
import { formatMetric, ruleWords } from '../../src/web/call/metrics.ts';
import { searchFields, searchOf, searchPath } from '../../src/web/calls/search.ts';
import { bucketName, everyDay } from '../../src/web/statistics/statistics.ts';
import { syncWords } from '../../src/web/status/status.ts';
import { endOfDay, formatLength, startOfDay } from '../../src/web/times.ts';

/** What docs/page.md says, its lines and columns aside. */
const documented = readFileSync(new URL('../../docs/page.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');

describe('a search', () => {
  it('has each of its fields in the documentation', () => {
    expect(searchFields.filter((field) => !documented.includes(`\`${field}\``))).toEqual([]);
  });

  it('asks for whole days of UTC, and for lengths in seconds', () => {
    const search = { q: 'a&b', from: '2026-03-01', to: '2026-03-02', minMinutes: '1.5', maxMinutes: '60' };
    expect(decodeURIComponent(searchPath(search, 'UTC'))).toBe(
      '/rollcall/calls?q=a&b&from=2026-03-01T00:00:00.000Z&to=2026-03-03T00:00:00.000Z&minSeconds=90&maxSeconds=3600',
    );
    expect(searchPath({}, 'UTC')).toBe('/rollcall/calls');
  });

  it('stands in an address as it was typed', () => {
    const field = fc.record(
      Object.fromEntries(searchFields.map((name) => [name, fc.string().map((text) => `x${text}y`)])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(field, (search) => {
        const query = new URLSearchParams(new URLSearchParams(search as Record<string, string>).toString());
        expect(searchOf(query)).toEqual({ ...search });
      }),
    );
  });

  it('takes no bound from a day that no calendar has', () => {
    for (const from of ['2026-13-40', '2026-00-01']) {
      expect(searchPath({ from, to: from, person: 'x' }, 'UTC')).toBe('/rollcall/calls?person=x');
      expect(searchPath({ from, to: from, person: 'x' }, 'local')).toBe('/rollcall/calls?person=x');
    }
  });

  it('never makes an address that has no meaning of days and lengths that have none', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (from, minMinutes) => {
        expect(searchPath({ from, minMinutes }, 'UTC')).toMatch(
          /^\/rollcall\/calls\?(from=[^&]+&)?minSeconds=\d+$/,
        );
      }),
    );
  });
});

it('counts days by the calendar', () => {
  expect(
    [startOfDay('2026-02-28', 'UTC'), endOfDay('2026-02-28', 'UTC')].map((at) => new Date(at).toISOString()),
  ).toEqual(['2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z']);
});

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
        expect(poorMetrics(label, stream).length > 0).toBe(classifyStream(label, stream) === 'poor');
      }),
    );
    expect(
      poorMetrics('main-audio', {
        packetUtilization: 5000,
        averageJitter: 'PT0.05S',
        averageRoundTripTime: 'PT0.1S',
      }),
    ).toEqual(['averageJitter']);
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
