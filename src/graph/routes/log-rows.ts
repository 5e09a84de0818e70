/** Answers `GET /communications/callRecords/getPstnCalls(…)` and the other log functions. */
import { simpleName } from '../../contract/names.ts';
import { contextUrl } from '../../query/odata/context-url.ts';
import { parseInteger } from '../../query/odata/counts.ts';
import { aliasValue } from '../../query/odata/query-options.ts';
import { planLogSpan } from '../../query/plan/log-span.ts';
import { planRepresentation } from '../../query/plan/read-plan.ts';
import { logRowsText } from '../../wire/projection/log-rows.ts';
import { textPage } from '../../wire/projection/page.ts';
import { logTypes } from '../../wire/text/stored-types.ts';
import type { GraphResponse } from '../messages.ts';
import { optionsBut } from '../next-link.ts';
import type { Read, ReadParts } from '../handler.ts';
import { ok } from '../response.ts';

export async function readLogRows(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { caller, target, request, edm, options } = read;
  const call = target.call!; // only functions have this route
  const { returns, time, pageSize } = call.function;
  const { from, before } = planLogSpan(call, (name) => aliasValue(request.query, name));
  const skip = options.skip === undefined ? 0 : parseInteger(options.skip, '$skip');
  // Rows are returned unchanged: no preference applies to them.
  const representation = { ...planRepresentation(read, target, edm), omitNulls: false };
  // Rows without a time match every range: they are totals of a period that they do not state.
  const span = time === undefined ? { from: 0n, before: 1n } : { from, before };
  const kind = simpleName(returns);
  const query = { kind, ...span, skip, limit: pageSize + 1 };
  const rows = await parts.store.logRows(caller.tenantId, query);
  const page = rows.slice(0, pageSize);
  const text = logRowsText(page, edm, returns);
  const body = textPage(text, logTypes[kind]!, representation, {
    contextUrl: contextUrl(request.serviceRoot, `Collection(${returns})`),
    // `@odata.count` counts the rows of this page, as in the documentation's example.
    count: page.length,
    nextLink: rows.length > pageSize ? nextLink() : undefined,
    path: '',
  });
  return ok({ read }, body);

  /** Returns the next link: the path as the client wrote it, with `$skip`, as in the documentation. */
  function nextLink(): string {
    const others = optionsBut(request.query, 'skip');
    return `${request.serviceRoot}/${request.path}?${[...others, `$skip=${skip + pageSize}`].join('&')}`;
  }
}
