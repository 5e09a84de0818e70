/** Builds the response for a call's list: a page of participants_v2 or of sessions. */
import { contextUrl } from '../../query/odata/context-url.ts';
import { projectPage } from '../../wire/projection/page.ts';
import type { Edition } from '../../store/edition.ts';
import { type CallList, isMissing, showsInferred } from '../call-lists.ts';
import { formatEtag, matchesEtag } from '../etag.ts';
import { listPage, listPath, type ListRequest } from '../list-page.ts';
import type { GraphResponse } from '../messages.ts';
import { askedCall, type Read, type ReadParts } from '../handler.ts';
import { notModified, ok } from '../response.ts';

export async function answerList(
  read: Read,
  parts: ReadParts,
  edition: Edition,
  list: CallList,
  asked: ListRequest,
): Promise<GraphResponse> {
  const { page, representation, expand } = asked;
  const { request } = read;
  const etag = formatEtag(edition.digest, representation, {
    page,
    expand,
    reconciled: showsInferred(list, edition, read.reconciled),
    isMissing: isMissing(list, edition),
  });
  const answer = { read, etag, pageSize: page.preferredSize, asOf: page.asOf };
  if (matchesEtag(request.headers['if-none-match'], etag)) return notModified(answer);
  const { slices, nextLink } = await listPage(read, parts, edition, list, { ...asked, query: request.query });
  const path = listPath(askedCall(read), list);
  const links = {
    contextUrl: contextUrl(request.serviceRoot, path, representation.select, 'collection', expand),
    nextLink,
    isMissing: isMissing(list, edition),
    path,
  };
  return ok(answer, projectPage(slices, list.type, representation, links));
}
