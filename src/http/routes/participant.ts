/** `GET /communications/callRecords/{id}/participants_v2/{pid}`: one participant by key. */
import { Fault } from '../../faults.ts';
import { contextUrl } from '../../odata/context-url.ts';
import { planRepresentation, refuseUndocumented } from '../../plan/read-plan.ts';
import { projectEntity } from '../../projection/entity.ts';
import { LoadedBlock } from '../../projection/loaded-block.ts';
import { participantsPerBlock } from '../../store/store.ts';
import { storedTypes } from '../../text/stored-types.ts';
import { formatEtag, matchesEtag } from '../etag.ts';
import type { GraphResponse } from '../messages.ts';
import type { Read, ReadParts } from '../read.ts';
import { notModified, ok } from '../response.ts';
import { callRecordMissing, missingPart } from '../refusals.ts';
import { collectionPath } from './participants_v2.ts';

export async function readParticipant(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { caller, target, request } = read;
  const callId = target.steps[1]?.key ?? '';
  const participantId = target.steps[2]?.key ?? '';
  const ignored = refuseUndocumented(read, []);
  const representation = planRepresentation(read, target, read.edm);

  const edition = await parts.store.edition(caller.tenantId, callId);
  if (edition === undefined) throw callRecordMissing();
  const index = await parts.store.participantIndex(edition, participantId);
  if (index === undefined) throw new Fault('entityMissing', 'No participant of this call has this key.');
  const etag = formatEtag(edition.digest, representation);
  const answer = { read, representation, etag, ignored };
  if (matchesEtag(request.headers['if-none-match'], etag)) return notModified(answer);

  const block = await parts.store.participantsBlock(edition, Math.floor(index / participantsPerBlock));
  if (block === undefined) throw missingPart();
  const path = collectionPath(callId);
  const links = { contextUrl: contextUrl(request.serviceRoot, path, representation.select, 'entity'), path };
  return ok(
    answer,
    projectEntity(
      new LoadedBlock(block),
      index % participantsPerBlock,
      storedTypes.participant,
      representation,
      links,
    ),
  );
}
