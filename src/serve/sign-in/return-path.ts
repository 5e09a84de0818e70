/** Parses where a browser goes after sign-in: always to a path of this server, whatever the link contains. */
const nowhere = 'http://rollcall.invalid';
const maxLength = 1024;

/** Parses the path. @returns `undefined` when it leads to another host or back to sign-in. */
export function parseReturnPath(text: string | null): string | undefined {
  if (text === null || text === '') return '/';
  if (!text.startsWith('/')) return undefined;
  const url = URL.parse(text, nowhere);
  if (url === null || url.origin !== nowhere) return undefined;
  const path = `${url.pathname}${url.search}${url.hash}`;
  // "/.//host" is a path of this server that resolves to one a browser parses as a host.
  if (path.startsWith('//') || path.length > maxLength) return undefined;
  return /^\/rollcall\/sign-(in|out)(\/|[?#]|$)/.test(path) ? undefined : path;
}
