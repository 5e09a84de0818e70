/** Answers `GET /communications/callRecords/{id}/sessions`: sessions, with their segments when requested. */
import { planExpand } from '../../query/plan/expand.ts';
import { planPage, planRepresentation } from '../../query/plan/read-plan.ts';
import { callEdition } from '../call-edition.ts';
import { sessionsList } from '../call-lists.ts';
import { listBinding } from '../list-page.ts';
import type { GraphResponse } from '../messages.ts';
import type { Read, ReadParts } from '../handler.ts';
import { answerList } from './list.ts';

export async function readSessions(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { target, edm, resource, options } = read;
  const planned = planPage(read, parts.skipTokens, listBinding(read, sessionsList), resource);
  const { page, position } = planned;
  const representation = planRepresentation(read, target, edm, position);
  const expand = planExpand(options.expand, target.typeName, resource.expandable, edm);
  const edition = await callEdition(read, parts, page);
  return answerList(read, parts, edition, sessionsList, { page, representation, expand });
}
