/** Translates the client's filter to the store's query for a list of calls. */
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

/** Returns the time whose state the list shows. A version number selects a state of one call, so a list ignores it. */
export function listStateAt(asOf: AsOf | undefined): {
  readonly asOf?: AsOf;
  readonly at: bigint | undefined;
} {
  return asOf !== undefined && 'ticks' in asOf ? { asOf, at: asOf.ticks } : { at: undefined };
}
