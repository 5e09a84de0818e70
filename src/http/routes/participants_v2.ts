/** `GET /communications/callRecords/{id}/participants_v2`: the roll of a call, page by page. */
import { Fault } from '../../faults.ts';
import { contextUrl } from '../../odata/context-url.ts';
import { formatKeyPredicate, formatKeySegment } from '../../odata/path.ts';
import { type PagePlan, planPage, planRepresentation, refuseUndocumented } from '../../plan/read-plan.ts';
import { type PageSlice, projectPage } from '../../projection/page.ts';
import { LoadedBlock } from '../../projection/loaded-block.ts';
import { type CallRecordStore, type Edition, participantsPerBlock } from '../../store/store.ts';
import type { Block } from '../../text/block.ts';
import { storedTypes } from '../../text/stored-types.ts';
import { formatEtag, matchesEtag } from '../etag.ts';
import type { GraphResponse } from '../messages.ts';
import { formatNextLink } from '../next-link.ts';
import type { Read, ReadParts } from '../read.ts';
import { notModified, ok } from '../response.ts';
import { callRecordMissing, missingPart } from '../refusals.ts';

export async function readParticipants(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { caller, target, request } = read;
  const callId = target.steps[1]?.key ?? '';
  const ignored = refuseUndocumented(read, ['skiptoken']);
  const binding = `${caller.tenantId}\n${callId}\nparticipants_v2`;
  const { page, position } = planPage(read, parts.skipTokens, binding, participantsPerBlock);
  const representation = planRepresentation(read, target, read.edm, position);

  const first = Math.floor(page.index / participantsPerBlock);
  const found = await parts.store.participantsPage(caller.tenantId, callId, page.edition, first);
  if (found === undefined) throw page.edition === undefined ? callRecordMissing() : staleSkipToken();
  const { edition } = found;
  const etag = formatEtag(edition.digest, representation, page);
  const answer = { read, representation, etag, ignored, pageSize: page.preferredSize };
  if (matchesEtag(request.headers['if-none-match'], etag)) return notModified(answer);

  const count = edition.participants?.count ?? 0;
  const end = Math.min(page.index + page.size, count);
  const slices = await participantSlices(found, page.index, end, parts.store);
  const body = projectPage(slices, storedTypes.participant, representation, {
    contextUrl: contextUrl(request.serviceRoot, collectionPath(callId), representation.select),
    nextLink: end < count ? nextLink(edition, end, page) : undefined,
    path: collectionPath(callId),
  });
  return ok(answer, body);

  function nextLink({ edition: walked }: Edition, index: number, { preferredSize }: PagePlan): string {
    const { omitNulls, includeUnknownEnumMembers } = representation;
    const next = { edition: walked, index, pageSize: preferredSize, omitNulls, includeUnknownEnumMembers };
    const path = `communications/callRecords/${formatKeySegment(callId)}/participants_v2`;
    return formatNextLink(request, path, parts.skipTokens.format(next, binding));
  }
}

/** The entities `from` to `to` of a call's list, as slices of the blocks that hold them; the first block is at hand. */
async function participantSlices(
  { edition, block: first }: { readonly edition: Edition; readonly block: Block | undefined },
  from: number,
  to: number,
  store: CallRecordStore,
): Promise<PageSlice[]> {
  const slices: PageSlice[] = [];
  for (let at = from; at < to;) {
    const number = Math.floor(at / participantsPerBlock);
    const block = at === from ? first : await store.participantsBlock(edition, number);
    if (block === undefined) throw missingPart();
    const last = Math.min(to - number * participantsPerBlock, block.count);
    slices.push({ block: new LoadedBlock(block), from: at % participantsPerBlock, to: last });
    at = number * participantsPerBlock + last;
  }
  return slices;
}

/** Path of the collection as `@odata.context` and ids write it. */
export function collectionPath(callId: string): string {
  return `communications/callRecords${formatKeyPredicate(callId)}/participants_v2`;
}

function staleSkipToken(): Fault {
  return new Fault(
    'badSkipToken',
    'The skip token names a version that is gone. Begin again at the first page.',
    {
      target: '$skiptoken',
    },
  );
}
