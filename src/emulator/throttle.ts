/** Enforces Graph's limits on requests to the call-records API. */
import type { Caller } from '../graph/caller.ts';
import { createByteCache } from '../base/byte-cache.ts';
import { Fault } from '../contract/faults.ts';
import { type Limit, type LimitedRequest, limitsOf } from '../contract/throttling-limits.ts';
import { functions } from '../contract/tables/functions.ts';
import { callRecordsPath } from '../query/odata/context-url.ts';
import type { Target } from '../query/plan/target.ts';

/** Counts a request. @throws Fault `tooManyRequests` */
export type Throttle = (caller: Caller, target: Target) => void;

/** Bytes of the counters: a simulation, not a defense. */
const counterBytes = 32 * 2 ** 20;

interface CountedWindow {
  readonly endsMs: number;
  count: number;
}

/** Counts requests, and rejects one beyond a limit. @param scale Factor on the spans of the limits */
export function createThrottle(scale: number, clock: () => Date): Throttle {
  const windows = createByteCache<CountedWindow>({ maxBytes: counterBytes });
  return (caller, target) => {
    const now = clock().getTime();
    const touched = countersOf(caller, target).map(([key, limit]) => {
      const known = windows.get(key);
      const window =
        known !== undefined && known.endsMs > now
          ? known
          : { endsMs: now + limit.seconds * 1000 * scale, count: 0 };
      return { key, limit, window };
    });
    // The first limit reached wins, and a rejected request does not count.
    const reached = touched.find(({ limit, window }) => window.count >= limit.requests);
    if (reached !== undefined) throw tooMany((reached.window.endsMs - now) / 1000);
    for (const { key, window } of touched) {
      window.count++;
      windows.set(key, window);
    }
  };
}

/** Returns the limits that a request of a caller falls under, each with the key it is counted by. */
export function countersOf(
  { appId, tenantId }: Pick<Caller, 'appId' | 'tenantId'>,
  target: Pick<Target, 'template' | 'keys'>,
): [key: string, limit: Limit][] {
  return limitsOf(requestFor(target)).map(({ limit, item = '' }) => {
    const app = limit.per.includes('app') ? appId : '';
    const tenant = limit.per.includes('tenant') ? tenantId : '';
    return [`${limit.name} ${app} ${tenant} ${item}`, limit];
  });
}

function requestFor({ template, keys }: Pick<Target, 'template' | 'keys'>): LimitedRequest {
  if (template === callRecordsPath) return { of: 'list' };
  if (!template.startsWith(`${callRecordsPath}/`)) return { of: 'other' };
  const [callId] = keys;
  if (callId !== undefined) return { of: 'record', callId };
  const name = template.slice(callRecordsPath.length + 1);
  return functions.some((log) => log.name === name) ? { of: 'log', name } : { of: 'list' };
}

function tooMany(seconds: number): Fault {
  // Graph's own may be fractional (reference "Throttling guidance"); a whole second is never too soon.
  const retryAfterSeconds =
    seconds < 1 ? Math.max(0.001, Math.ceil(seconds * 1000) / 1000) : Math.ceil(seconds);
  return new Fault('tooManyRequests', 'Please retry again later.', { retryAfterSeconds });
}
