/** `GET /communications/callRecords/{id}`: a call's own properties and its organizer. */
import { contextUrl } from '../../odata/context-url.ts';
import { formatKeyPredicate } from '../../odata/path.ts';
import { planRepresentation, refuseUndocumented } from '../../plan/read-plan.ts';
import { projectEntity } from '../../projection/entity.ts';
import { LoadedBlock } from '../../projection/loaded-block.ts';
import { storedTypes } from '../../text/stored-types.ts';
import { formatEtag, matchesEtag } from '../etag.ts';
import type { GraphResponse } from '../messages.ts';
import type { Read, ReadParts } from '../read.ts';
import { callRecordMissing } from '../refusals.ts';
import { notModified, ok } from '../response.ts';

export async function readCallRecord(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { caller, target, request } = read;
  const callId = target.steps[1]?.key ?? '';
  const ignored = refuseUndocumented(read, []);
  const representation = planRepresentation(read, target, read.edm);

  const edition = await parts.store.edition(caller.tenantId, callId);
  if (edition === undefined) throw callRecordMissing();
  const etag = formatEtag(edition.digest, representation);
  const answer = { read, representation, etag, ignored };
  if (matchesEtag(request.headers['if-none-match'], etag)) return notModified(answer);

  const head = new LoadedBlock(await parts.store.head(edition));
  const collection = 'communications/callRecords';
  const navigation = (name: string, suffix: string) =>
    `"${name}@odata.context":${JSON.stringify(contextUrl(request.serviceRoot, `${collection}${formatKeyPredicate(callId)}/${name}${suffix}`))}`;
  const body = projectEntity(head, 0, storedTypes.callRecord, representation, {
    contextUrl: contextUrl(request.serviceRoot, collection, representation.select, 'entity'),
    path: collection,
    before: new Map([['organizer_v2', navigation('organizer_v2', '/$entity')]]),
    // The documentation's example has this annotation with nothing after it, unless properties are selected.
    trailing: representation.select === undefined ? navigation('participants_v2', '/$entity') : '',
  });
  return ok(answer, body);
}
