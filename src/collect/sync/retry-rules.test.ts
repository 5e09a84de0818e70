import { expect, it } from 'vitest';
import type { PendingCall } from '../../store/upstream.ts';
import { UpstreamFailure } from './failure.ts';
import { afterFailure } from './retry-rules.ts';

const minuteMs = 60_000;
const queuedMs = Date.parse('2026-11-02T12:00:00Z');

function wanted(more: Partial<PendingCall> = {}): PendingCall {
  return {
    callId: 'call',
    version: undefined,
    startTicks: undefined,
    observations: 1,
    queuedMs,
    attempts: 0,
    dueMs: queuedMs,
    reason: undefined,
    expiredUpstream: false,
    ...more,
  };
}

/** How long until it is tried again, in seconds, or what becomes of it. */
function after(call: PendingCall, failure: UpstreamFailure, waitedMs = 0) {
  const nowMs = queuedMs + waitedMs;
  const settlement = afterFailure(call, failure, nowMs);
  return settlement.outcome === 'later' ? (settlement.dueMs - nowMs) / 1000 : settlement.outcome;
}

const notFound = new UpstreamFailure('notFound');

it('looks for a call that is not there yet within a minute, then less and less often, and gives it up after a day', () => {
  expect([0, 1, 2, 3, 9].map((attempts) => after(wanted({ attempts }), notFound))).toEqual([
    5, 10, 20, 40, 45,
  ]);
  expect(after(wanted({ attempts: 40 }), notFound, 29 * minuteMs)).toBe(45);
  expect(after(wanted({ attempts: 60 }), notFound, 150 * minuteMs)).toBe(450);
  expect(after(wanted({ attempts: 99 }), notFound, 23 * 60 * minuteMs)).toBe(1800);
  expect(after(wanted({ attempts: 99 }), notFound, 25 * 60 * minuteMs)).toBe('gone');
});

it('gives a call up at once that upstream has had time to forget', () => {
  const startTicks = BigInt(queuedMs - 31 * 24 * 60 * minuteMs) * 10_000n;
  expect(after(wanted({ startTicks }), notFound)).toBe('gone');
  expect(after(wanted({ startTicks }), new UpstreamFailure('upstreamDown'))).toBe(2);
});

it('waits longer each time for what fails otherwise, and as long as upstream asks', () => {
  const down = new UpstreamFailure('upstreamDown');
  expect([0, 1, 4, 20].map((attempts) => after(wanted({ attempts }), down))).toEqual([2, 4, 32, 600]);
  expect(after(wanted(), new UpstreamFailure('throttled', { retryAfterMs: 90_000 }))).toBe(90);
});

it('holds nothing against a call that all calls of the tenant meet', () => {
  expect(after(wanted(), new UpstreamFailure('credentialsRefused'))).toBe('released');
  expect(after(wanted(), new UpstreamFailure('permissionMissing'))).toBe('released');
});
