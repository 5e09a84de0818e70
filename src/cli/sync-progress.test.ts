import { expect, it } from 'vitest';
import { waitText } from './sync-progress.ts';

const record = (callId: string) => ({ of: 'record', callId }) as const;

it('names the longest wait, the limit and the call', () => {
  const waits = [
    { request: { of: 'list' } as const, untilMs: 20_000 },
    { request: record('27b1ed36-0000-4000-8000-000000000001'), untilMs: 175_000 },
  ];
  expect(waitText(waits, 0)).toBe("waiting 3 min for Graph's limit on call 27b1ed36…, and 1 more");
  expect(waitText(waits.slice(0, 1), 0)).toBe("waiting 20 s for Graph's limit on the list of calls");
});

it('names a log by its function', () => {
  const wait = { request: { of: 'log', name: 'getPstnCalls' } as const, untilMs: 60_000 };
  expect(waitText([wait], 0)).toBe("waiting 60 s for Graph's limit on the log getPstnCalls");
});

it('is silent about what is over in a moment', () => {
  expect(waitText([{ request: record('call'), untilMs: 2000 }], 0)).toBeUndefined();
});
