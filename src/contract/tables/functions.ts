/**
 * Functions bound to the collection of call records: the logs and reports of a time range, named as in the published
 * CSDL. A version has a function if it has the type of its rows.
 */

export interface FunctionRow {
  readonly name: string;
  readonly boundTo: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly returns: string;
  /** The property that the range filters by; undefined for a report, which sums up the range. */
  readonly time: string | undefined;
  /** Whether the range includes a row at `toDateTime`. It always includes one at `fromDateTime`. */
  readonly upperBound: 'inclusive' | 'exclusive';
  readonly maxDays: number;
  readonly pageSize: number;
  /** The property that identifies a row, where there is one. */
  readonly key: string | undefined;
}

const namespace = 'microsoft.graph.callRecords';

/** Reference pages: 1,000 rows per page and at most 90 days; the page of direct routing names no limit of days. */
function logFunction(
  name: string,
  row: string,
  time: string | undefined,
  key: string | undefined,
  upperBound: FunctionRow['upperBound'] = 'inclusive',
): FunctionRow {
  return {
    name,
    boundTo: `${namespace}.callRecord`,
    parameters: [
      { name: 'fromDateTime', type: 'Edm.DateTimeOffset' },
      { name: 'toDateTime', type: 'Edm.DateTimeOffset' },
    ],
    returns: `${namespace}.${row}`,
    maxDays: 90,
    pageSize: 1000,
    ...{ time, upperBound, key },
  };
}

/** The upper bounds are those of the pages of direct routing, PSTN calls and SMS; the other two state none. */
export const functions: readonly FunctionRow[] = [
  logFunction('getDirectRoutingCalls', 'directRoutingLogRow', 'startDateTime', 'id', 'exclusive'),
  logFunction('getPstnBlockedUsersLog', 'pstnBlockedUsersLogRow', 'blockDateTime', undefined),
  logFunction('getPstnCalls', 'pstnCallLogRow', 'startDateTime', 'id'),
  logFunction('getPstnOnlineMeetingDialoutReport', 'pstnOnlineMeetingDialoutReport', undefined, undefined),
  logFunction('getSmsLog', 'smsLogRow', 'sentDateTime', 'id'),
];

/** An action bound to an entity: called by POST, without parameters or result. */
export interface ActionRow {
  readonly name: string;
  readonly boundTo: string;
}

export const actions: readonly ActionRow[] = [
  { name: 'reauthorize', boundTo: 'microsoft.graph.subscription' },
];
