/** Answers `GET /communications/callRecords/{id}/organizer_v2`: the organizer of a call. */
import { contextUrl, navigationPath } from '../../query/odata/context-url.ts';
import { planRepresentation } from '../../query/plan/read-plan.ts';
import { projectEntity } from '../../wire/projection/entity.ts';
import { OpenBlock } from '../../wire/text/open-block.ts';
import { memberEntity } from '../../wire/projection/member-entity.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { callEdition } from '../call-edition.ts';
import { formatEtag, matchesEtag } from '../etag.ts';
import type { GraphResponse } from '../messages.ts';
import { askedCall, type Read, type ReadParts } from '../handler.ts';
import { noContent, notModified, ok } from '../response.ts';

export async function readOrganizer(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { target, request, edm } = read;
  const representation = planRepresentation(read, target, edm);
  const edition = await callEdition(read, parts);
  const etag = formatEtag(edition.digest, representation, {});
  const answer = { read, etag, asOf: read.preferences.asOf };
  if (matchesEtag(request.headers['if-none-match'], etag)) return notModified(answer);

  const head = new OpenBlock(await parts.store.head(edition), storedTypes.callRecord);
  const organizer = memberEntity(head, storedTypes.callRecord, 'organizer_v2', storedTypes.organizer);
  if (organizer === undefined) return noContent(answer);
  const path = navigationPath(askedCall(read), 'organizer_v2', '');
  const body = projectEntity(organizer, 0, storedTypes.organizer, representation, {
    contextUrl: contextUrl(request.serviceRoot, path, representation.select, 'entity'),
    path: '',
  });
  return ok(answer, body);
}
