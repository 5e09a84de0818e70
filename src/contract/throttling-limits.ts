/**
 * Graph's limits on requests to the call-records API, in one table: `sync` plans by it, `dev --throttle` enforces it,
 * and the documentation shows it.
 */
import { canonicalId } from './ids.ts';

export interface Limit {
  readonly name: string;
  readonly requests: number;
  /** Length of the window, in seconds. */
  readonly seconds: number;
  /** What has a separate count, in addition to one call record or function; all other requests are counted together. */
  readonly per: readonly ('app' | 'tenant')[];
  readonly counts: string;
  /** The section of https://learn.microsoft.com/graph/throttling-limits, as of 2026-02-06. */
  readonly source: string;
}

const callRecordsLimits = 'Call records limits';
const pstnLimits = 'PSTN call records limits';

export const throttlingLimits = {
  appInAllTenants: {
    ...{ name: 'appInAllTenants', requests: 15_000, seconds: 20 },
    per: ['app'],
    counts: 'of one application, in all tenants together',
    source: callRecordsLimits,
  },
  tenantOfAllApps: {
    ...{ name: 'tenantOfAllApps', requests: 10_000, seconds: 20 },
    per: ['tenant'],
    counts: 'in one tenant, of all applications together',
    source: callRecordsLimits,
  },
  appInTenant: {
    ...{ name: 'appInTenant', requests: 1500, seconds: 20 },
    per: ['app', 'tenant'],
    counts: 'of one application in one tenant',
    source: callRecordsLimits,
  },
  callRecord: {
    ...{ name: 'callRecord', requests: 40, seconds: 20 },
    per: ['tenant'],
    counts: 'for one call record with its participants and sessions, every page',
    source: callRecordsLimits,
  },
  callRecordList: {
    ...{ name: 'callRecordList', requests: 40, seconds: 20 },
    per: ['tenant'],
    counts: 'for the list of call records, every page',
    source: callRecordsLimits,
  },
  logsOfTenant: {
    ...{ name: 'logsOfTenant', requests: 1000, seconds: 60 },
    per: ['tenant'],
    counts: 'for logs in one tenant, of all applications together',
    source: pstnLimits,
  },
  logsOfAppInTenant: {
    ...{ name: 'logsOfAppInTenant', requests: 200, seconds: 60 },
    per: ['app', 'tenant'],
    counts: 'for logs of one application in one tenant, all functions together',
    source: pstnLimits,
  },
  logFunction: {
    ...{ name: 'logFunction', requests: 50, seconds: 60 },
    // Microsoft does not name the scope; if it were all applications together, five functions would stay far below
    // 1,000.
    per: ['app', 'tenant'],
    counts: 'of one application in one tenant for one log function such as `getPstnCalls`, every page',
    source: pstnLimits,
  },
} as const satisfies Record<string, Limit>;

export type LimitedRequest =
  | { readonly of: 'record'; readonly callId: string }
  | { readonly of: 'list' }
  /** `name`: the function, `getPstnCalls`. */
  | { readonly of: 'log'; readonly name: string }
  /** Any other request of the application. */
  | { readonly of: 'other' };

export interface AppliedLimit {
  readonly limit: Limit;
  /** The call record or function that has a separate count; undefined where requests are counted together. */
  readonly item: string | undefined;
}

const { appInAllTenants, tenantOfAllApps, appInTenant, callRecord, callRecordList } = throttlingLimits;
const { logsOfTenant, logsOfAppInTenant, logFunction } = throttlingLimits;
const ofAllCalls = [appInAllTenants, tenantOfAllApps, appInTenant].map(counted);
const ofList = [...ofAllCalls, counted(callRecordList)];
const ofAllLogs = [logsOfTenant, logsOfAppInTenant].map(counted);

function counted(limit: Limit): AppliedLimit {
  return { limit, item: undefined };
}

/** Returns the limits that apply to a request, narrowest last. */
export function limitsOf(request: LimitedRequest): readonly AppliedLimit[] {
  switch (request.of) {
    case 'record':
      return [...ofAllCalls, { limit: callRecord, item: canonicalId(request.callId) }];
    case 'list':
      return ofList;
    case 'log':
      return [...ofAllLogs, { limit: logFunction, item: request.name }];
    case 'other':
      return ofAllCalls;
  }
}
