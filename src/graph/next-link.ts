/** Formats next links: on the client's host, with all options of its request but those of the page. */
import type { SeekPosition } from '../query/odata/skip-token.ts';
import type { PagePlan, Representation } from '../query/plan/read-plan.ts';
import type { Read, ReadParts } from './handler.ts';

interface Walk {
  /** The path of the list, with keys as segments where possible. */
  readonly path: string;
  readonly query: string;
  /** Binds the skip token to the list. */
  readonly binding: string;
  readonly page: PagePlan;
  readonly representation: Representation;
}

/** Formats a next link. @param position Where the next page begins */
export function formatNextLink(
  { request }: Read,
  { skipTokens }: ReadParts,
  { path, query, binding, page, representation }: Walk,
  position: Pick<SeekPosition, 'edition' | 'index' | 'startTicks' | 'asOf'>,
): string {
  const { omitNulls, includeUnknownEnumMembers } = representation;
  const token = skipTokens.format(
    { ...position, pageSize: page.preferredSize, omitNulls, includeUnknownEnumMembers },
    binding,
  );
  const options = [...optionsBut(query, 'skiptoken'), `$skiptoken=${token}`];
  return `${request.serviceRoot}/${path}?${options.join('&')}`;
}

/** Returns the options of a valid query as the client wrote them, without the named one. */
export function optionsBut(query: string, name: string): string[] {
  return query
    .split('&')
    .filter((option) => option !== '' && nameOf(option) !== name)
    .map((option) => option.replace(/^%24/, '$'));
}

function nameOf(option: string): string {
  return decodeURIComponent(option.split('=', 1)[0]!).replace(/^\$/, '').toLowerCase();
}
