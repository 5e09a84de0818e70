/** The next link: on the host the client used, with every option of its request but the skip token's. */
export function formatNextLink(serviceRoot: string, path: string, query: string, skipToken: string): string {
  return `${serviceRoot}/${path}?${[...optionsBut(query, 'skiptoken'), `$skiptoken=${skipToken}`].join('&')}`;
}

/** The options of a query as the client wrote them, without one. */
export function optionsBut(query: string, name: string): string[] {
  const left = new RegExp(`^(%24|\\$)?${name}=`, 'i');
  return query
    .split('&')
    .filter((option) => option !== '' && !left.test(option))
    .map((option) => option.replace(/^%24/, '$'));
}
