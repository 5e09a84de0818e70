/**
 * Functions bound to the collection of call records: the logs and reports of a range of time. By name, as in the
 * published CSDL. One is there in each version that has the type of its rows.
 */

export interface FunctionRow {
  readonly name: string;
  /** What it is bound to: a collection of this type. */
  readonly boundTo: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  /** It returns a collection of this type. */
  readonly returns: string;
  /** The property of a row that the range is on; a report sums up the range and has none. */
  readonly time: string | undefined;
  /** Whether a row at `toDateTime` is in the range. One at `fromDateTime` always is. */
  readonly upperBound: 'inclusive' | 'exclusive';
  /** The longest range, in days. */
  readonly maxDays: number;
  /** Rows in a full page. */
  readonly pageSize: number;
  /** The property that tells a row from all others, where there is one. */
  readonly key: string | undefined;
}

const namespace = 'microsoft.graph.callRecords';

/** Reference pages: 1,000 rows a page, and 90 days at most; that of direct routing says nothing of days. */
function logFunction(
  name: string,
  row: string,
  facts: Pick<FunctionRow, 'time' | 'upperBound' | 'key'>,
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
    ...facts,
  };
}

/**
 * The pages call the upper bound of direct routing exclusive, that of PSTN calls and SMS inclusive, and are silent on
 * the other two.
 */
export const functions: readonly FunctionRow[] = [
  logFunction('getDirectRoutingCalls', 'directRoutingLogRow', {
    time: 'startDateTime',
    upperBound: 'exclusive',
    key: 'id',
  }),
  logFunction('getPstnBlockedUsersLog', 'pstnBlockedUsersLogRow', {
    time: 'blockDateTime',
    upperBound: 'inclusive',
    key: undefined,
  }),
  logFunction('getPstnCalls', 'pstnCallLogRow', {
    time: 'startDateTime',
    upperBound: 'inclusive',
    key: 'id',
  }),
  logFunction('getPstnOnlineMeetingDialoutReport', 'pstnOnlineMeetingDialoutReport', {
    time: undefined,
    upperBound: 'inclusive',
    key: undefined,
  }),
  logFunction('getSmsLog', 'smsLogRow', { time: 'sentDateTime', upperBound: 'inclusive', key: 'id' }),
];
