/** A server that passes requests on to a Rollcall and answers some of them otherwise, on purpose. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What takes the place of an answer, or of parts of it. */
export type Change =
  | 'hang'
  | 'reset'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly without?: readonly string[];
      /** Text in place of the body, or members besides those it has; those of an error go into the error. */
      readonly body?: string | Readonly<Record<string, unknown>>;
    };

interface DifferingGraph extends AsyncDisposable {
  readonly url: string;
  /** Methods, paths and queries, decoded, in order; with a token's first letters where one came. */
  readonly asked: readonly string[];
}

/** @param change Called with the method, path and query, decoded. */
export async function startDifferingGraph(
  target: string,
  change: (asked: string) => Change | undefined,
): Promise<DifferingGraph> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const line = `${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}`;
    asked.push(line);
    const changed = change(line);
    if (changed === 'hang') return;
    if (changed === 'reset') request.socket.resetAndDestroy();
    else void passOn(request, response, target, changed ?? {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  { status, headers = {}, without = [], body }: Exclude<Change, string>,
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const answer = await fetch(target + (request.url ?? ''), {
    method: request.method ?? 'GET',
    redirect: 'manual',
    headers: Object.entries(request.headers).flatMap(([name, value]) =>
      name === 'host' || name === 'connection' || typeof value !== 'string'
        ? []
        : [[name, value] as [string, string]],
    ),
    ...(pieces.length > 0 && { body: Buffer.concat(pieces) }),
  });
  // Tokens are asked for at the address that was discovered: this one's.
  const text = (await answer.text()).replaceAll(target, `http://${request.headers.host ?? ''}`);
  const kept = [...answer.headers].filter(
    ([name]) =>
      !['content-length', 'content-encoding', 'transfer-encoding', 'connection', ...without].includes(name),
  );
  response.writeHead(status ?? answer.status, { ...Object.fromEntries(kept), ...headers });
  response.end(request.method === 'HEAD' ? undefined : changedText(text, body));
}

function changedText(text: string, body: string | Readonly<Record<string, unknown>> | undefined): string {
  if (body === undefined || typeof body === 'string') return body ?? text;
  const members = JSON.parse(text) as Record<string, unknown>;
  const { error } = members;
  return JSON.stringify(
    typeof error === 'object' ? { error: { ...error, ...body } } : { ...members, ...body },
  );
}
