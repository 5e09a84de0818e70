/** What a list of calls asks of the store: the client's filter within what is there to see. */
import { structuredType } from '../model/edm.ts';
import type { AsOf } from '../odata/as-of.ts';
import { planCallsFilter } from '../plan/calls-filter.ts';
import type { CallsQuery } from '../store/store.ts';
import type { Read, ReadParts } from './read.ts';
import { appearedBy, rememberedFrom } from './visibility.ts';

export function callsQuery(read: Read, { visibility }: ReadParts): { query: CallsQuery; filter: string } {
  const { filter } = read.options;
  const { from, before, participantId } = planCallsFilter(
    filter,
    structuredType(read.edm, read.target.typeName),
  );
  const remembered = rememberedFrom(visibility);
  return {
    filter: filter ?? '',
    query: {
      from: from > remembered ? from : remembered,
      before,
      participantId,
      withFound: read.reconciled,
      at: undefined,
      endedBy: appearedBy(visibility),
    },
  };
}

/** The list as it was at a time. All calls in their n-th version are no list of anything: that is passed over. */
export function stateOf(asOf: AsOf | undefined): { readonly asOf?: AsOf; readonly at: bigint | undefined } {
  return asOf !== undefined && 'ticks' in asOf ? { asOf, at: asOf.ticks } : { at: undefined };
}
