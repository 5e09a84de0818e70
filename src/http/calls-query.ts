/** What a list of calls asks of the store: the client's filter within what is there to see. */
import { structuredType } from '../model/edm.ts';
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
      withFound: false,
      endedBy: appearedBy(visibility),
    },
  };
}
