/**
 * Graph's limits on requests to the call-records API, in one table: `sync` plans by it, `dev --throttle` enforces it, and
 * the documentation shows it.
 */
import { canonicalId } from './ids.ts';

export interface Limit {
  readonly name: string;
  readonly requests: number;
  /** Length of the window in which so many requests are allowed. */
  readonly seconds: number;
  /** What the limit counts apart, besides one call record or one function: all others are counted together. */
  readonly per: readonly ('app' | 'tenant')[];
  readonly counts: string;
  /** The section of https://learn.microsoft.com/graph/throttling-limits, as of 2026-02-06. */
  readonly source: string;
}

const callRecordsLimits = 'Call records limits';
const pstnLimits = 'PSTN call records limits';

export const throttlingLimits = {
  appInAllTenants: {
    name: 'appInAllTenants',
    requests: 15_000,
    seconds: 20,
    per: ['app'],
    counts: 'requests of one application, in all tenants together',
    source: callRecordsLimits,
  },
  tenantOfAllApps: {
    name: 'tenantOfAllApps',
    requests: 10_000,
    seconds: 20,
    per: ['tenant'],
    counts: 'requests in one tenant, of all applications together',
    source: callRecordsLimits,
  },
  appInTenant: {
    name: 'appInTenant',
    requests: 1500,
    seconds: 20,
    per: ['app', 'tenant'],
    counts: 'requests of one application in one tenant',
    source: callRecordsLimits,
  },
  callRecord: {
    name: 'callRecord',
    requests: 40,
    seconds: 20,
    per: ['tenant'],
    counts: 'requests for one call record: the record, its participants and sessions, every page',
    source: callRecordsLimits,
  },
  callRecordList: {
    name: 'callRecordList',
    requests: 40,
    seconds: 20,
    per: ['tenant'],
    counts: 'requests for the list of call records, every page',
    source: callRecordsLimits,
  },
  logsOfTenant: {
    name: 'logsOfTenant',
    requests: 1000,
    seconds: 60,
    per: ['tenant'],
    counts: 'requests for logs in one tenant, of all applications together',
    source: pstnLimits,
  },
  logsOfAppInTenant: {
    name: 'logsOfAppInTenant',
    requests: 200,
    seconds: 60,
    per: ['app', 'tenant'],
    counts: 'requests for logs of one application in one tenant, all functions together',
    source: pstnLimits,
  },
  logFunction: {
    name: 'logFunction',
    requests: 50,
    seconds: 60,
    // Microsoft does not name the scope; counted for all applications together, five functions would stay far below 1,000.
    per: ['app', 'tenant'],
    counts:
      'requests of one application in one tenant for one log function such as `getPstnCalls`, every page',
    source: pstnLimits,
  },
} as const satisfies Record<string, Limit>;

/** What a request is for, as far as the limits tell requests apart. */
export type LimitedRequest =
  | { readonly of: 'record'; readonly callId: string }
  | { readonly of: 'list' }
  /** `name`: the function, `getPstnCalls`. */
  | { readonly of: 'log'; readonly name: string }
  /** Anything else that the application asks for. */
  | { readonly of: 'other' };

export interface AppliedLimit {
  readonly limit: Limit;
  /** The call record or the function that the limit counts apart; undefined where it counts all together. */
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

/** Returns the limits that a request falls under, the narrowest last. */
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
