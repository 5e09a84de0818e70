/** Answers `GET …/sessions/{sid}/segments`, page by page, and `GET …/segments/{segid}`: the segments of one session. */
import { Fault } from '../../contract/faults.ts';
import { canonicalId, isSameId } from '../../contract/ids.ts';
import { callRecordsPath, contextUrl } from '../../query/odata/context-url.ts';
import { formatKeyedCollection, formatKeyPredicate } from '../../query/odata/path.ts';
import { planPage, planRepresentation } from '../../query/plan/read-plan.ts';
import { entityBody } from '../../wire/projection/entity.ts';
import { OpenBlock } from '../../wire/text/open-block.ts';
import { textPage } from '../../wire/projection/page.ts';
import { type SegmentRange, segmentsOf, segmentsText } from '../../wire/projection/segments.ts';
import type { Edition } from '../../store/edition.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { callEdition } from '../call-edition.ts';
import { sessionsList } from '../call-lists.ts';
import { formatEtag, matchesEtag } from '../etag.ts';
import { listPath } from '../list-page.ts';
import type { GraphResponse } from '../messages.ts';
import { formatNextLink } from '../next-link.ts';
import { askedCall, type Read, type ReadParts } from '../handler.ts';
import { missingPart } from '../method-faults.ts';
import { notModified, ok } from '../response.ts';
import { placeOf } from './list-entity.ts';

export async function readSegments(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { target, request, resource, caller, edm } = read;
  const [callId = '', sessionId = ''] = target.keys;
  const keys = `${canonicalId(callId)}\nsessions\n${canonicalId(sessionId)}`;
  const binding = `${caller.tenantId}\n${keys}\nsegments`;
  const { page, position } = planPage(read, parts.skipTokens, binding, resource);
  const representation = planRepresentation(read, target, edm, position);
  const edition = await callEdition(read, parts, page);
  const { block, session, ranges } = await segmentsOfSession(read, parts, edition);
  const etag = formatEtag(edition.digest, representation, { page });
  const answer = { read, etag, pageSize: page.preferredSize, asOf: page.asOf };
  if (matchesEtag(request.headers['if-none-match'], etag)) return notModified(answer);

  const end = page.index + page.size;
  const call = formatKeyedCollection(callRecordsPath, callId);
  const route = `${formatKeyedCollection(`${call}/sessions`, sessionId)}/segments`;
  const walk = { path: route, query: request.query, binding, page, representation };
  const next = { edition: edition.edition, index: end, asOf: page.asOf };
  const nextLink = end < ranges.length ? formatNextLink(read, parts, walk, next) : undefined;
  const path = segmentsPath(read);
  const text = segmentsText(block, session, ranges.slice(page.index, end), representation);
  const links = { contextUrl: contextUrl(request.serviceRoot, path), nextLink, path };
  return ok(answer, textPage(text, storedTypes.segment, representation, links));
}

export async function readSegment(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { target, request, edm } = read;
  const representation = planRepresentation(read, target, edm);
  const edition = await callEdition(read, parts);
  const { block, session, ranges } = await segmentsOfSession(read, parts, edition);
  const range = ranges.find(({ id }) => id !== undefined && isSameId(id, target.keys[2] ?? ''));
  if (range === undefined) throw new Fault('entityMissing', 'No segment of this session has this key.');
  const etag = formatEtag(edition.digest, representation, {});
  const answer = { read, etag, asOf: read.preferences.asOf };
  if (matchesEtag(request.headers['if-none-match'], etag)) return notModified(answer);
  const path = segmentsPath(read);
  const links = { contextUrl: contextUrl(request.serviceRoot, path, undefined, 'entity'), path };
  const text = segmentsText(block, session, [range], representation);
  return ok(answer, entityBody(text, storedTypes.segment, representation, links));
}

/** Returns the segments of the session that the path names, with its block and its position in the block. */
export async function segmentsOfSession(
  read: Read,
  parts: ReadParts,
  edition: Edition,
): Promise<{ block: OpenBlock; session: number; ranges: readonly SegmentRange[] }> {
  const { index } = await placeOf(sessionsList, edition, read.target.keys[1] ?? '', read, parts);
  const stored = await parts.store.segmentsBlock(edition, Math.floor(index / sessionsList.perBlock));
  if (stored === undefined) throw missingPart(edition);
  const block = new OpenBlock(stored, 'segments');
  const session = index % sessionsList.perBlock;
  return { block, session, ranges: segmentsOf(block, session) };
}

function segmentsPath(read: Read): string {
  return `${listPath(askedCall(read), sessionsList)}${formatKeyPredicate(read.target.keys[1] ?? '')}/segments`;
}
