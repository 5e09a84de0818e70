/** Answers `GET /communications/callRecords`: the calls of a tenant, ordered by start time. */
import { isSameId } from '../../contract/ids.ts';
import { callRecordsPath as path, contextUrl } from '../../query/odata/context-url.ts';
import { planPage, planRepresentation, type Representation } from '../../query/plan/read-plan.ts';
import { byRegion } from '../../wire/projection/entity.ts';
import { OpenBlock } from '../../wire/text/open-block.ts';
import { type PageSlice, projectPage, textPage } from '../../wire/projection/page.ts';
import type { CallPosition, ListedCall } from '../../store/call-list.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { callsQuery, listStateAt } from '../calls-query.ts';
import type { GraphResponse } from '../messages.ts';
import { navigationContext } from '../navigation-context.ts';
import { formatNextLink } from '../next-link.ts';
import type { Read, ReadParts } from '../handler.ts';
import { missingPart } from '../method-faults.ts';
import { ok } from '../response.ts';

export async function readCallRecords(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { caller, target, request, resource, edm } = read;
  const { store, skipTokens } = parts;
  const { query: newest, filter } = callsQuery(read);
  const binding = `${caller.tenantId}\ncallRecords\n${filter}`;
  const { page, position } = planPage(read, skipTokens, binding, resource);
  const representation = planRepresentation(read, target, edm, position);
  const { asOf: state, at } = listStateAt(page.asOf);
  const query = { ...newest, at };

  // All pages of a walk list the calls that existed when it began: later arrivals neither hide a call nor list it
  // twice.
  const asOf = page.edition ?? (await store.newestEdition(caller.tenantId));
  const after =
    position?.startTicks === undefined ? undefined : { startTicks: position.startTicks, call: page.index };
  const links = (last: CallPosition | undefined) => ({
    contextUrl: contextUrl(request.serviceRoot, path, representation.select),
    nextLink: last && nextLink(last),
    path,
  });
  const answer = { read, pageSize: page.preferredSize, asOf: state };
  if (isItem(representation)) {
    const root = JSON.stringify(request.serviceRoot).slice(1, -1);
    const found = await store.callsPageText(caller.tenantId, query, asOf, after, page.size, root);
    const text = Buffer.from(found.text.buffer, found.text.byteOffset, found.text.byteLength);
    return ok(answer, textPage(text, storedTypes.callRecord, representation, links(found.last)));
  }
  const found = await store.callsPage(caller.tenantId, query, asOf, after, page.size + 1);
  const calls = found.slice(0, page.size);
  const slices = calls.map((call) => listedSlice(call, representation, request.serviceRoot));
  const last = found.length > page.size ? calls.at(-1) : undefined;
  return ok(answer, projectPage(slices, storedTypes.callRecord, representation, links(last)));

  function nextLink({ startTicks, call }: CallPosition): string {
    const walk = { path, query: request.query, binding, page, representation };
    return formatNextLink(read, parts, walk, { edition: asOf, index: call, startTicks, asOf: state });
  }
}

/** Returns true when the item text that was written when the call was stored answers the request unchanged. */
function isItem({ select, omitNulls, includeUnknownEnumMembers, metadata }: Representation): boolean {
  return select === undefined && !omitNulls && !includeUnknownEnumMembers && metadata !== 'none';
}

/** Returns a call for a list, without participants (observed-2025-list-callRecords-metadata-none). */
function listedSlice(
  { callId, head }: ListedCall,
  representation: Representation,
  serviceRoot: string,
): PageSlice {
  const type = storedTypes.callRecord;
  const block = new OpenBlock(head, type);
  if (!isSameId(block.idOf(0) ?? '', callId)) throw missingPart({ callId });
  const participants = representation.omitNulls ? '' : '"participants":[]';
  const context = navigationContext(serviceRoot, callId, 'organizer_v2', '/$entity');
  return {
    block,
    from: 0,
    to: 1,
    additions: {
      instead: byRegion(new Map([['participants', participants]]), type),
      ...(representation.metadata !== 'none' && {
        before: byRegion(new Map([['organizer_v2', context]]), type),
      }),
    },
  };
}
