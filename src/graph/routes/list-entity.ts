/** Answers `GET …/participants_v2/{pid}` and `GET …/sessions/{sid}`: one entity of a call's list, by key. */
import { Fault } from '../../contract/faults.ts';
import { isSameId } from '../../contract/ids.ts';
import { contextUrl } from '../../query/odata/context-url.ts';
import { planExpand } from '../../query/plan/expand.ts';
import { planRepresentation } from '../../query/plan/read-plan.ts';
import { projectEntity } from '../../wire/projection/entity.ts';
import { OpenBlock } from '../../wire/text/open-block.ts';
import { writeSegments } from '../../wire/projection/segments.ts';
import type { Edition } from '../../store/edition.ts';
import { callEdition } from '../call-edition.ts';
import { type CallList, isMissing, type ListPart } from '../call-lists.ts';
import { formatEtag, matchesEtag } from '../etag.ts';
import { listPath } from '../list-page.ts';
import type { GraphResponse } from '../messages.ts';
import { askedCall, type Read, type ReadParts } from '../handler.ts';
import { missingPart } from '../method-faults.ts';
import { notModified, ok } from '../response.ts';

export function readListEntity(list: CallList) {
  return async (read: Read, parts: ReadParts): Promise<GraphResponse> => {
    const { target, request, edm, options, resource } = read;
    const representation = planRepresentation(read, target, edm);
    const expand = planExpand(options.expand, target.typeName, resource.expandable, edm);
    const edition = await callEdition(read, parts);
    const { part, index } = await placeOf(list, edition, target.keys[1] ?? '', read, parts);
    const etag = formatEtag(edition.digest, representation, { expand });
    const answer = { read, etag, asOf: read.preferences.asOf };
    if (matchesEtag(request.headers['if-none-match'], etag)) return notModified(answer);

    const no = Math.floor(index / list.perBlock);
    const block = await part.block(parts.store, edition, no);
    const segments = expand && (await parts.store.segmentsBlock(edition, no));
    if (block === undefined || (expand !== undefined && segments === undefined)) throw missingPart(edition);
    const found = new OpenBlock(block, list.type);
    const place = index % list.perBlock;
    // A damaged index may point to another entity or to none.
    const id = found.idOf(place);
    if (id === undefined || !isSameId(id, target.keys[1] ?? '')) throw missingPart(edition);
    const loaded = segments && new OpenBlock(segments, 'segments');
    const path = listPath(askedCall(read), list);
    const body = projectEntity(found, place, list.type, representation, {
      contextUrl: contextUrl(request.serviceRoot, path, representation.select, 'entity', expand),
      path,
      expanded: loaded && ((out, entity) => writeSegments(out, loaded, entity, representation)),
    });
    return ok(answer, body);
  };
}

/** Returns the position of an entity in a list. @throws Fault `entityMissing` */
export async function placeOf(
  list: CallList,
  edition: Edition,
  key: string,
  { reconciled }: Read,
  { store }: ReadParts,
): Promise<{ readonly part: ListPart; readonly index: number }> {
  for (const part of list.parts(edition, reconciled)) {
    const index = await part.index(store, edition, key);
    if (index !== undefined) return { part, index };
  }
  const why = isMissing(list, edition) ? ' Rollcall has not received the list.' : '';
  throw new Fault('entityMissing', `No ${list.entity} of this call has this key.${why}`);
}
