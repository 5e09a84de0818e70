/** Lists what can be exported, by the values of `--what`. */
import { type BoundFunction, edms } from '../contract/edm.ts';
import { simpleName } from '../contract/names.ts';
import type { Table } from './table.ts';
import { callsTable } from './tables/calls.ts';
import { participantsTable } from './tables/participants.ts';
import { rollTable } from './tables/roll.ts';
import { segmentsTable } from './tables/segments.ts';
import { sessionsTable } from './tables/sessions.ts';
import { streamsTable } from './tables/streams.ts';

export const callTables = {
  calls: callsTable,
  participants: participantsTable,
  roll: rollTable,
  sessions: sessionsTable,
  segments: segmentsTable,
  streams: streamsTable,
} as const satisfies Record<string, Table>;

/** The logs, by a short name and the kind of their rows. */
export const logKinds = {
  pstn: 'pstnCallLogRow',
  'direct-routing': 'directRoutingLogRow',
  sms: 'smsLogRow',
  'blocked-users': 'pstnBlockedUsersLogRow',
  'dial-out': 'pstnOnlineMeetingDialoutReport',
} as const;

type CallTableName = keyof typeof callTables;
export type ExportedLog = keyof typeof logKinds;
export type What = CallTableName | ExportedLog;

export const everything = [...Object.keys(callTables), ...Object.keys(logKinds)] as readonly What[]; // the tables' own keys

export function isLog(what: What): what is ExportedLog {
  return Object.hasOwn(logKinds, what);
}

/** Returns the API function of a log, which defines its row type and time property. */
export function logFunction(what: ExportedLog): BoundFunction {
  return edms.beta.functions.find(({ returns }) => simpleName(returns) === logKinds[what])!; // one each
}
