/** Answers `GET …/$count`: the number of entities in a collection, as plain text. */
import type { AsOf } from '../../query/odata/as-of.ts';
import { textBody } from '../../wire/projection/body.ts';
import { callEdition } from '../call-edition.ts';
import { type CallList, entityCount } from '../call-lists.ts';
import { callsQuery, listStateAt } from '../calls-query.ts';
import type { GraphResponse } from '../messages.ts';
import type { Read, ReadParts } from '../handler.ts';
import { ok } from '../response.ts';
import { segmentsOfSession } from './segments.ts';

export async function countCallRecords(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { query } = callsQuery(read);
  const { asOf, at } = listStateAt(read.preferences.asOf);
  const newest = await parts.store.newestEdition(read.caller.tenantId);
  return counted(read, asOf, await parts.store.callsCount(read.caller.tenantId, { ...query, at }, newest));
}

export function countList(list: CallList) {
  return async (read: Read, parts: ReadParts): Promise<GraphResponse> => {
    const listParts = list.parts(await callEdition(read, parts), read.reconciled);
    return counted(read, read.preferences.asOf, entityCount(listParts));
  };
}

export async function countSegments(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const edition = await callEdition(read, parts);
  return counted(read, read.preferences.asOf, (await segmentsOfSession(read, parts, edition)).ranges.length);
}

function counted(read: Read, asOf: AsOf | undefined, count: number): GraphResponse {
  return ok({ read, asOf }, textBody(String(count)));
}
