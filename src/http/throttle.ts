/** Graph's own limits on the call-records API, for those who develop against it (reference "Service-specific limits"). */
import type { Caller } from '../auth/caller.ts';
import { createByteCache } from '../byte-cache.ts';
import { Fault } from '../faults.ts';
import { callRecordsPath } from '../odata/context-url.ts';
import type { Target } from '../plan/target.ts';
import type { Admit } from './read.ts';

export interface Limit {
  readonly name: string;
  readonly requests: number;
  readonly seconds: number;
}

const perAppInAllTenants = { name: 'appInAllTenants', requests: 15_000, seconds: 20 };
const perTenantOfAllApps = { name: 'tenantOfAllApps', requests: 10_000, seconds: 20 };
const perAppInTenant = { name: 'appInTenant', requests: 1500, seconds: 20 };
const perRecord = {
  first: { name: 'callRecordFirstPage', requests: 10, seconds: 20 },
  later: { name: 'callRecordLaterPages', requests: 50, seconds: 300 },
};
const perList = {
  first: { name: 'listFirstPage', requests: 15, seconds: 20 },
  later: { name: 'listLaterPages', requests: 55, seconds: 300 },
};
export const graphLimits: readonly Limit[] = [
  perAppInAllTenants,
  perTenantOfAllApps,
  perAppInTenant,
  perRecord.first,
  perRecord.later,
  perList.first,
  perList.later,
];

/** Bytes of the remembered spans: a simulation, not a defence. */
const spanBytes = 32 * 2 ** 20;

interface Span {
  readonly endsMs: number;
  count: number;
}

/**
 * Counts requests. What it returns throws Fault `tooManyRequests` when one of the limits a request falls under is reached.
 *
 * @param scale Factor on the spans: with 0.05, what Graph counts over 20 seconds is counted over one.
 */
export function createThrottle(scale: number, clock: () => Date): Admit {
  const spans = createByteCache<Span>({ maxBytes: spanBytes });
  return (caller, target, isLaterPage) => {
    const now = clock().getTime();
    const touched = limitsOf(caller, target, isLaterPage).map(([key, limit]) => {
      const known = spans.get(key);
      const span =
        known !== undefined && known.endsMs > now
          ? known
          : { endsMs: now + limit.seconds * 1000 * scale, count: 0 };
      return { key, limit, span };
    });
    // The first limit reached wins, and a refused request counts for none.
    const reached = touched.find(({ limit, span }) => span.count >= limit.requests);
    if (reached !== undefined) throw tooMany((reached.span.endsMs - now) / 1000);
    for (const { key, span } of touched) {
      span.count++;
      spans.set(key, span);
    }
  };
}

/** The limits a request falls under, each with the key it is counted by. */
export function limitsOf(
  { appId, tenantId }: Pick<Caller, 'appId' | 'tenantId'>,
  { template, keys }: Pick<Target, 'template' | 'keys'>,
  isLaterPage: boolean,
): [string, Limit][] {
  const limits: [string, Limit][] = [
    [`app ${appId}`, perAppInAllTenants],
    [`tenant ${tenantId}`, perTenantOfAllApps],
    [`app ${appId} ${tenantId}`, perAppInTenant],
  ];
  const page = isLaterPage ? 'later' : 'first';
  const [record] = keys;
  if (record !== undefined) limits.push([`record ${page} ${tenantId} ${record}`, perRecord[page]]);
  else if (template === callRecordsPath) limits.push([`list ${page} ${tenantId}`, perList[page]]);
  return limits;
}

function tooMany(seconds: number): Fault {
  // Graph's own may be fractional (reference "Throttling guidance"); a whole second is never too soon.
  const retryAfterSeconds =
    seconds < 1 ? Math.max(0.001, Math.ceil(seconds * 1000) / 1000) : Math.ceil(seconds);
  return new Fault('tooManyRequests', 'Please retry again later.', { retryAfterSeconds });
}
