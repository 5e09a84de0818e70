/** What a list of calls asks of the store, by the client's filter. */
import { structuredType } from '../contract/edm.ts';
import type { AsOf } from '../query/odata/as-of.ts';
import { planCallsFilter } from '../query/plan/calls-filter.ts';
import type { CallsQuery } from '../store/call-list.ts';
import type { Read } from './handler.ts';

export function callsQuery(read: Read): { query: CallsQuery; filter: string } {
  const { filter } = read.options;
  const { from, before, participantId } = planCallsFilter(
    filter,
    structuredType(read.edm, read.target.typeName),
  );
  return {
    filter: filter ?? '',
    query: {
      from,
      before,
      participantId,
      withFound: read.reconciled,
      at: undefined,
      endedBy: undefined,
    },
  };
}

/** The list as it was at a time. All calls in their n-th version are no list of anything: that is passed over. */
export function listStateAt(asOf: AsOf | undefined): {
  readonly asOf?: AsOf;
  readonly at: bigint | undefined;
} {
  return asOf !== undefined && 'ticks' in asOf ? { asOf, at: asOf.ticks } : { at: undefined };
}
