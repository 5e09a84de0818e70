/** The next link: on the host the client used, with every option of its request but the skip token's. */
export function formatNextLink(serviceRoot: string, path: string, query: string, skipToken: string): string {
  return `${serviceRoot}/${path}?${[...optionsBut(query, 'skiptoken'), `$skiptoken=${skipToken}`].join('&')}`;
}

/** The options of a query that parses, as the client wrote them, without one. */
export function optionsBut(query: string, name: string): string[] {
  return query
    .split('&')
    .filter((option) => option !== '' && nameOf(option) !== name)
    .map((option) => option.replace(/^%24/, '$'));
}

/** However much of it is percent-encoded. */
function nameOf(option: string): string {
  return decodeURIComponent(option.split('=', 1)[0]!).replace(/^\$/, '').toLowerCase();
}
