import { describe, expect, it } from 'vitest';
import { stateReasons } from '../../contract/completeness-state.ts';
import {
  type CallEvidence,
  callStanding,
  type Checked,
  hoursStanding,
  type ListingEvidence,
  storedStanding,
  tenantStanding,
  worst,
} from './standing.ts';

const hourMs = 3600_000;
const nowMs = Date.UTC(2026, 10, 30, 12);
const ticks = (ms: number) => BigInt(ms) * 10_000n;
const isoOf = (ms: number) => new Date(ms).toISOString().replace('.000', '');

const list = { list: 1, count: 2, complete: true, pages: 1 };
const receivedMs = nowMs - 5 * hourMs;
const whole: CallEvidence = {
  edition: { callId: 'c', edition: 7, receivedMs, lacking: [], participants: list, sessions: list },
  queuedMs: undefined,
  isSetAside: false,
};
const endedMs = nowMs - hourMs;
const checked: Checked = {
  ...{ endedMs, throughEdition: 7, logChanges: 3, damaged: 0, damagedCalls: new Set() },
  ...{ isLocated: true, withoutList: 0 },
};

describe('a call', () => {
  const edition = (members: Partial<CallEvidence['edition']>) => ({
    ...whole,
    edition: { ...whole.edition, ...members },
  });
  it.each([
    ['checked', whole, checked, endedMs],
    ['neverVerified', whole, undefined, receivedMs],
    ['changedSince', edition({ edition: 8 }), checked, receivedMs],
    ['listNotReceived', edition({ sessions: undefined }), checked, receivedMs],
    ['listNotReceived', edition({ participants: undefined }), undefined, receivedMs],
    ['damageNotLocated', whole, { ...checked, isLocated: false, damaged: 1 }, endedMs],
    ['damaged', whole, { ...checked, damaged: 1, damagedCalls: new Set(['c']) }, endedMs],
    // Damage elsewhere is none of it; what came after was not read.
    ['checked', whole, { ...checked, damaged: 1, damagedCalls: new Set(['other']) }, endedMs],
    ['changedSince', edition({ edition: 8 }), { ...checked, damagedCalls: new Set(['c']) }, receivedMs],
    ['recordMissing', edition({ lacking: ['record', 'sessionPages'] }), checked, receivedMs],
    ['pagesMissing', edition({ lacking: ['participantPages', 'sessions'] }), checked, receivedMs],
    ['listMissing', edition({ lacking: ['sessions'], sessions: undefined }), checked, receivedMs],
    ['notFetched', { ...whole, queuedMs: nowMs }, checked, nowMs],
    ['setAside', { ...whole, isSetAside: true }, checked, receivedMs],
  ] as const)('is %s', (reason, evidence, verification, sinceMs) => {
    expect(callStanding(evidence, verification)).toEqual({
      ...{ state: stateReasons[reason], reason, sinceDateTime: isoOf(sinceMs) },
    });
  });

  it('whose time is not known is in its state since an unknown time', () => {
    expect(callStanding(edition({ receivedMs: undefined }), undefined).sinceDateTime).toBe(null);
  });
});

describe('what is stored of a tenant', () => {
  const changes = { lastEdition: 7, logChanges: 3 };
  const sound = { isEmpty: false, changes, incomplete: 0, setAside: 0 };
  it.each([
    ['checked', sound, checked, endedMs],
    ['nothingStored', { ...sound, isEmpty: true }, checked, undefined],
    ['nothingStored', { ...sound, isEmpty: true }, undefined, undefined],
    ['neverVerified', sound, undefined, undefined],
    ['changedSince', { ...sound, changes: { lastEdition: 8, logChanges: 3 } }, checked, endedMs],
    ['changedSince', { ...sound, changes: { lastEdition: 7, logChanges: 4 } }, checked, endedMs],
    ['listNotReceived', sound, { ...checked, withoutList: 1 }, undefined],
    ['callsIncomplete', { ...sound, incomplete: 1 }, checked, undefined],
    ['setAside', { ...sound, setAside: 1 }, undefined, undefined],
    ['setAside', { ...sound, isEmpty: true, setAside: 1 }, undefined, undefined],
    ['damaged', sound, { ...checked, damaged: 1 }, endedMs],
  ] as const)('is %s', (reason, evidence, verification, sinceMs) => {
    expect(storedStanding(evidence, verification)).toEqual({
      ...{ state: stateReasons[reason], reason },
      sinceDateTime: sinceMs === undefined ? null : isoOf(sinceMs),
    });
  });
});

describe('the hours of a tenant', () => {
  const listing = (fromMs: number, toMs: number, oldestMs?: number): ListingEvidence => ({
    spans: [{ from: ticks(fromMs), before: ticks(toMs), listedMs: toMs + 1000 }],
    oldestTicks: oldestMs === undefined ? undefined : ticks(oldestMs),
  });
  const dayAgo = nowMs - 24 * hourMs;
  const calls = listing(dayAgo, nowMs - hourMs, dayAgo);
  const none: ListingEvidence = { spans: [], oldestTicks: undefined };
  const imported: ListingEvidence = { spans: [], oldestTicks: 1n };
  it.each([
    ['checked', { calls, logs: [none] }, isoOf(nowMs - hourMs + 1000)],
    // Nothing is stored, and nothing was there.
    ['checked', { calls: listing(dayAgo, nowMs), logs: [] }, isoOf(nowMs + 1000)],
    ['neverListed', { calls: none, logs: [] }, null],
    ['neverListed', { calls: imported, logs: [] }, null],
    ['outsideListing', { calls: listing(dayAgo, nowMs, dayAgo - 1), logs: [] }, isoOf(dayAgo)],
    ['outsideListing', { calls, logs: [imported] }, null],
    ['outsideListing', { calls, logs: [listing(dayAgo, nowMs, dayAgo - 1)] }, isoOf(dayAgo)],
    ['listedTooLongAgo', { calls: listing(dayAgo, nowMs - 4 * hourMs), logs: [] }, isoOf(nowMs - 4 * hourMs)],
    ['hoursNotListed', { calls, logs: [], gapFrom: '2026-11-30T01:00:00Z' }, '2026-11-30T01:00:00Z'],
  ] as const)('are %s', (reason, evidence, sinceDateTime) => {
    const all = { gapFrom: undefined, ...evidence, nowMs, longestLagMs: 3 * hourMs };
    expect(hoursStanding(all)).toEqual({ state: stateReasons[reason], reason, sinceDateTime });
  });
});

it('a tenant stands as the worse of its calls and hours', () => {
  const verified = { state: 'verified', reason: 'checked', sinceDateTime: null } as const;
  const unverified = { state: 'unverified', reason: 'neverListed', sinceDateTime: null } as const;
  const missing = { state: 'missing', reason: 'damaged', sinceDateTime: null } as const;
  expect(tenantStanding(verified, unverified)).toEqual({ ...unverified, calls: verified, hours: unverified });
  expect(tenantStanding(missing, unverified)).toEqual({ ...missing, calls: missing, hours: unverified });
  expect(worst([verified, missing, unverified])).toBe(missing);
});
