/** Serves the metadata of an authority as a test defines it, path by path, and records the requests. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PublishedAuthority extends AsyncDisposable {
  readonly url: string;
  readonly asked: string[];
}

/** Starts the authority. @param answer Returns the document of a path: text is sent unchanged; `undefined` is a 500. */
export async function startPublishedAuthority(
  answer: (path: string, url: string) => unknown,
): Promise<PublishedAuthority> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const body = answer(request.url!, url);
    response.writeHead(body === undefined ? 500 : 200, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    url,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
