/** `GET …/$count`: how many entities a collection has, as plain text. */
import { textBody } from '../../projection/body.ts';
import { callEdition } from '../call-edition.ts';
import { type CallList } from '../call-lists.ts';
import { callsQuery } from '../calls-query.ts';
import type { GraphResponse } from '../messages.ts';
import type { Read, ReadParts } from '../read.ts';
import { ok } from '../response.ts';
import { segmentsOfSession } from './segments.ts';

export async function countCallRecords(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { query } = callsQuery(read, parts);
  const asOf = await parts.store.newestEdition(read.caller.tenantId);
  return counted(read, await parts.store.callsCount(read.caller.tenantId, query, asOf));
}

export function countList(list: CallList) {
  return async (read: Read, parts: ReadParts): Promise<GraphResponse> =>
    counted(read, list.of(await callEdition(read, parts))?.count ?? 0);
}

export async function countSegments(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const edition = await callEdition(read, parts);
  return counted(read, (await segmentsOfSession(read, parts, edition)).ranges.length);
}

function counted(read: Read, count: number): GraphResponse {
  return ok({ read, etag: undefined }, textBody(String(count)));
}
