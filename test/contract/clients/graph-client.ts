/**
 * graph-client.ts ORIGIN TOKEN: Microsoft's JavaScript client sends the requests of each line of standard input, which are
 * JSON; their answers are printed as one line.
 */
import { createInterface } from 'node:readline';
import { Client, GraphError, PageIterator, type PageCollection } from '@microsoft/microsoft-graph-client';

export interface GraphRequest {
  readonly path: string;
  readonly version?: 'beta';
  readonly headers?: Readonly<Record<string, string>>;
  readonly select?: readonly string[];
  readonly filter?: string;
  readonly expand?: string;
  /** Every entry by the client's PageIterator, or so many. */
  readonly entries?: 'all' | number;
}

const [, , origin = '', token = ''] = process.argv;

const client = Client.initWithMiddleware({
  authProvider: { getAccessToken: () => Promise.resolve(token) },
  baseUrl: `${origin}/`,
  customHosts: new Set(['localhost']),
});

async function answer(request: GraphRequest): Promise<unknown> {
  const headers = { ...request.headers };
  const call = client.api(request.path).headers(headers);
  if (request.version) call.version(request.version);
  if (request.select) call.select([...request.select]);
  if (request.filter) call.filter(request.filter);
  if (request.expand) call.expand(request.expand);
  const body: unknown = await call.get();
  if (request.entries === undefined) return body;

  const entries: unknown[] = [];
  const each = (entry: unknown) => entries.push(entry) !== request.entries;
  await new PageIterator(client, body as PageCollection, each, { headers }).iterate();
  return entries;
}

async function answerOrError(request: GraphRequest): Promise<unknown> {
  try {
    return await answer(request);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const { statusCode, code, message, requestId, date } = error;
    return { statusCode, code, message, requestId, date };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answers: unknown[] = [];
  for (const request of JSON.parse(line) as GraphRequest[]) answers.push(await answerOrError(request));
  console.log(JSON.stringify(answers));
}
