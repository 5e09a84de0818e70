/** Builds a page of a call's list, requested directly or expanded in the call. */
import { canonicalId } from '../contract/ids.ts';
import { callRecordsPath, navigationPath } from '../query/odata/context-url.ts';
import { formatKeyedCollection } from '../query/odata/path.ts';
import type { Expansion } from '../query/plan/expand.ts';
import type { PagePlan, Representation } from '../query/plan/read-plan.ts';
import type { PageSlice } from '../wire/projection/page.ts';
import { OpenBlock } from '../wire/text/open-block.ts';
import type { Edition } from '../store/edition.ts';
import type { Block } from '../wire/text/block.ts';
import { type CallList, entityCount, partAt } from './call-lists.ts';
import { formatNextLink } from './next-link.ts';
import { askedCall, type Read, type ReadParts } from './handler.ts';
import { missingPart } from './method-faults.ts';

/** Returns the path of a call's list as `@odata.context` and ids contain it. */
export function listPath(callId: string, list: CallList): string {
  return navigationPath(callId, list.name, '');
}

/** Returns the text that binds a skip token to its list. */
export function listBinding(read: Read, list: CallList): string {
  return `${read.caller.tenantId}\n${canonicalId(askedCall(read))}\n${list.name}`;
}

export interface ListRequest {
  readonly page: PagePlan;
  readonly representation: Representation;
  /** The expansion of the entities: the segments of sessions. */
  readonly expand: Expansion | undefined;
  /** The block of the page's first entity in the first part, when it was already read. */
  readonly first?: Block | undefined;
}

/** Reads a page of a list. @param asked.query The query of the next link, without its skip token. */
export async function listPage(
  read: Read,
  parts: ReadParts,
  edition: Edition,
  list: CallList,
  asked: ListRequest & { readonly query: string },
) {
  const { page, expand } = asked;
  const listParts = list.parts(edition, read.reconciled);
  const count = entityCount(listParts);
  const end = Math.min(page.index + page.size, count);
  const slices: PageSlice[] = [];
  for (let at = page.index; at < end;) {
    const place = partAt(listParts, at)!; // before the end
    const no = Math.floor(place.index / list.perBlock);
    const atHand = at === page.index && place.part === listParts[0] ? asked.first : undefined;
    const block = atHand ?? (await place.part.block(parts.store, edition, no));
    if (block === undefined) throw missingPart(edition);
    const from = place.index - no * list.perBlock;
    const to = Math.min(from + end - at, block.count);
    const segments = expand && (await parts.store.segmentsBlock(edition, no));
    if (expand !== undefined && segments === undefined) throw missingPart(edition);
    if (to <= from) throw missingPart(edition);
    slices.push({
      block: new OpenBlock(block, list.type),
      from,
      to,
      segments: segments && new OpenBlock(segments, 'segments'),
    });
    at += to - from;
  }
  if (end >= count) return { slices, nextLink: undefined };
  const path = `${formatKeyedCollection(callRecordsPath, askedCall(read))}/${list.name}`;
  const walk = { ...asked, path, binding: listBinding(read, list) };
  const next = { edition: edition.edition, index: end, asOf: page.asOf };
  return { slices, nextLink: formatNextLink(read, parts, walk, next) };
}
