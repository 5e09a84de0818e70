/** Answers `GET /communications/callRecords/{id}/participants_v2`: the participants of a call, page by page. */
import { planPage, planRepresentation } from '../../query/plan/read-plan.ts';
import { participantsList } from '../call-lists.ts';
import { callEdition, missingEdition } from '../call-edition.ts';
import { listBinding } from '../list-page.ts';
import type { GraphResponse } from '../messages.ts';
import { askedCall, type Read, type ReadParts } from '../handler.ts';
import { answerList } from './list.ts';

export async function readParticipants(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { caller, target, resource } = read;
  const planned = planPage(read, parts.skipTokens, listBinding(read, participantsList), resource);
  const { page, position } = planned;
  const representation = planRepresentation(read, target, read.edm, position);
  if (page.edition === undefined && page.asOf !== undefined) {
    const edition = await callEdition(read, parts, page);
    return answerList(read, parts, edition, participantsList, { page, representation, expand: undefined });
  }
  // One query reads the edition and its first block, because most calls fit one page.
  const first = Math.floor(page.index / participantsList.perBlock);
  const found = await parts.store.participantsPage(caller.tenantId, askedCall(read), page.edition, first);
  if (found === undefined) throw await missingEdition(read, parts, page.edition);
  return answerList(read, parts, found.edition, participantsList, {
    page,
    representation,
    expand: undefined,
    first: found.block,
  });
}
