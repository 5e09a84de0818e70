import type { GraphRequest } from './messages.ts';

/** The next link: on the host the client used, with every option of its request but the skip token's. */
export function formatNextLink(request: GraphRequest, path: string, skipToken: string): string {
  const options = request.query
    .split('&')
    .filter((option) => option !== '' && !/^(%24|\$)?skiptoken=/i.test(option))
    .map((option) => option.replace(/^%24/, '$'));
  return `${request.serviceRoot}/${path}?${[...options, `$skiptoken=${skipToken}`].join('&')}`;
}
