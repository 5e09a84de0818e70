/** Converts a store's rows about upstream. */
import type { EditionCompleteness, QueuedCall } from './fetch-queue.ts';
import type { Row } from './rows.ts';
import { fieldsOf, type FieldsRow } from './table-sql.ts';
import type { RowOf } from './tables.ts';
import type { FetchFailureReason } from './upstream.ts';

export const queueFields = fieldsOf(
  { c: 'upstream_call' },
  {
    ...{ callId: 'c.call_id', version: 'c.version', startTicks: 'c.start_ticks' },
    ...{ observations: 'c.sightings', queuedMs: 'c.wanted_ms', attempts: 'c.attempts', dueMs: 'c.due_ms' },
    ...{ reason: 'c.reason', gone: 'c.gone', taken: 'c.taken' },
  },
);
export const spanFields = fieldsOf(
  { s: 'upstream_span' },
  { from: 's.from_ticks', before: 's.before_ticks', listedMs: 's.listed_ms' },
);

/** Returns the version of a call's newest edition, and whether its lists are complete. */
export function editionCompletenessOf([version, participants, sessions]: Row): EditionCompleteness {
  const list = (complete: Row[number] | undefined) =>
    complete === null || complete === undefined ? undefined : { complete: Number(complete) === 1 };
  return { version: version as bigint, participants: list(participants), sessions: list(sessions) };
}

export function queuedCallOf({ gone, taken, reason, ...call }: FieldsRow<typeof queueFields>): QueuedCall {
  return {
    ...call,
    reason: reason as FetchFailureReason | undefined, // written by the store
    expiredUpstream: gone === 1,
    leased: taken === 1,
  };
}

export function queueRow(tenantNo: number, call: QueuedCall): RowOf<'upstream_call'> {
  return {
    ...{ tenant_no: tenantNo, call_id: call.callId, version: call.version, start_ticks: call.startTicks },
    ...{ sightings: call.observations, wanted_ms: call.queuedMs, attempts: call.attempts },
    ...{ due_ms: call.dueMs, reason: call.reason },
    ...{ gone: Number(call.expiredUpstream), taken: Number(call.leased) },
  };
}
