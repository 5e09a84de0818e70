import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observe, type QueuedCall, acknowledge, withSpan } from './fetch-queue.ts';
import type { ListedSpan, FetchOutcome } from './upstream.ts';

const row: QueuedCall = {
  ...{ callId: 'call', version: 2n, startTicks: 5n, observations: 3, queuedMs: 10, attempts: 4, dueMs: 900 },
  ...{ reason: 'notFound', expiredUpstream: false, leased: false },
};
const queuedRow = (changes: Partial<QueuedCall> = {}) => new Map([['call', { ...row, ...changes }]]);
const nothing = { put: [], remove: [] };
const whole = { complete: true };

describe('a call that upstream is seen to have', () => {
  const seen = (version: bigint | undefined) => [{ callId: 'call', version, startTicks: undefined }];
  const edition = (version: bigint, complete = true) =>
    new Map([['call', { version, participants: whole, sessions: { complete } }]]);

  it('is queued, due at once', () => {
    const fresh = { observations: 1, queuedMs: 100, attempts: 0, dueMs: 100, reason: undefined };
    expect(observe(seen(1n), new Map(), new Map(), 100)).toEqual({
      put: [
        {
          callId: 'call',
          version: 1n,
          startTicks: undefined,
          ...fresh,
          expiredUpstream: false,
          leased: false,
        },
      ],
      remove: [],
    });
  });

  it('is not queued when the store has that version whole, but for a notification', () => {
    expect(observe(seen(2n), edition(2n), new Map(), 100)).toEqual(nothing);
    for (const [version, newest] of [
      [3n, edition(2n)],
      [2n, edition(2n, false)],
      [undefined, edition(2n)],
    ] as const)
      expect(observe(seen(version), newest, new Map(), 100).put).toHaveLength(1);
  });

  it('stays as it is when it is queued in that version', () => {
    expect(observe(seen(2n), new Map(), queuedRow(), 100)).toEqual(nothing);
    expect(observe(seen(1n), new Map(), queuedRow(), 100)).toEqual(nothing);
  });

  it('begins requeued with a later version, an unknown one, or after it was given up; who fetches it goes on', () => {
    const requeued = { ...row, observations: 4, attempts: 0, dueMs: 100, expiredUpstream: false };
    const after = (version: bigint | undefined, changes: Partial<QueuedCall>) =>
      observe(seen(version), new Map(), queuedRow(changes), 100).put;
    expect(after(3n, { leased: true })).toEqual([{ ...requeued, version: 3n, leased: true }]);
    expect(after(undefined, {})).toEqual([requeued]);
    expect(after(1n, { expiredUpstream: true })).toEqual([requeued]);
    expect(after(3n, { dueMs: 50 })).toEqual([{ ...requeued, version: 3n, dueMs: 50 }]);
  });

  it('is one row however often it stands in what was seen', () => {
    const { put } = observe([...seen(1n), ...seen(3n), ...seen(2n)], new Map(), new Map(), 100);
    expect(put).toMatchObject([{ version: 3n, observations: 2 }]);
  });
});

describe('a call that was fetched', () => {
  const after = (settlement: Omit<FetchOutcome, 'callId'>, changes: Partial<QueuedCall> = {}) => {
    const settled = { callId: 'call', ...settlement } as FetchOutcome; // with the members of its outcome
    return acknowledge([settled], queuedRow({ leased: true, ...changes }), 100);
  };
  const stored = (version: bigint, observations = 3) =>
    ({ outcome: 'stored', version, observations }) as const;
  const later = { outcome: 'later', dueMs: 700, reason: 'cut', observations: 3 } as const;
  const again = { put: [{ ...row, dueMs: 100, attempts: 0, reason: undefined }], remove: [] };

  it('leaves the queue when it was stored in the version that was seen', () => {
    for (const version of [2n, 3n]) expect(after(stored(version))).toEqual({ put: [], remove: ['call'] });
  });

  it('is fetched again when what was stored is older, or it was seen requeued meanwhile', () => {
    expect(after(stored(1n))).toEqual(again);
    expect(after(stored(2n, 2))).toEqual(again);
    expect(after({ ...later, observations: 2 })).toEqual(again);
  });

  it('waits after a failure, is given up, or stays as due as it was', () => {
    expect(after(later)).toEqual({ put: [{ ...row, dueMs: 700, attempts: 5, reason: 'cut' }], remove: [] });
    const gone = { outcome: 'gone', reason: 'notFound', observations: 3 } as const;
    expect(after(gone)).toEqual({ put: [{ ...row, expiredUpstream: true, attempts: 5 }], remove: [] });
    for (const observations of [2, 3])
      expect(after({ outcome: 'released', observations } as const)).toEqual({ put: [row], remove: [] });
  });

  it('counts only as stored when it was given back meanwhile: another fetches it', () => {
    const given = { leased: false };
    expect(after(stored(2n), given)).toEqual({ put: [], remove: ['call'] });
    for (const late of [stored(1n), stored(2n, 2), later, { outcome: 'released', observations: 3 } as const])
      expect(after(late, given)).toEqual(nothing);
  });

  it('and is not queued any more stays away', () => {
    expect(acknowledge([{ callId: 'other', ...later }], queuedRow(), 100)).toEqual(nothing);
  });
});

describe('spans listed', () => {
  it('say of every tick what the latest listing of it says', () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 4 }))
      .map(([from, length, listedMs]): ListedSpan => {
        return { from: BigInt(from), before: BigInt(from + length), listedMs };
      });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const joined = spans.reduce<ListedSpan[]>((all, one) => withSpan(all, one), []);
        for (let tick = 0n; tick < 30n; tick++) {
          const at = (all: readonly ListedSpan[]) =>
            all.filter(({ from, before }) => from <= tick && tick < before).map(({ listedMs }) => listedMs);
          expect(at(joined)).toEqual(at(spans).length === 0 ? [] : [Math.max(...at(spans))]);
        }
        for (const [i, one] of joined.entries()) {
          const next = joined[i + 1];
          if (next === undefined) continue;
          expect(one.before < next.from || (one.before === next.from && one.listedMs !== next.listedMs)).toBe(
            true,
          );
        }
      }),
    );
  });
});
