/** graph-client.ts ORIGIN TOKEN CALL SIZE: every participant by Microsoft's PageIterator; pages of one stop at 100. */
import { Client, GraphError, PageIterator, type PageCollection } from '@microsoft/microsoft-graph-client';

const [, , origin = '', token = '', callId = '', size = ''] = process.argv;
const client = Client.initWithMiddleware({
  authProvider: { getAccessToken: () => Promise.resolve(token) },
  baseUrl: `${origin}/`,
  customHosts: new Set(['localhost']),
});
try {
  const headers = { Prefer: `odata.maxpagesize=${size}` };
  // The client's own typing of a response is any.
  const first = (await client
    .api(`/communications/callRecords/${callId}/participants_v2`)
    .headers(headers)
    .get()) as PageCollection;
  const entries: unknown[] = [];
  const iterator = new PageIterator(
    client,
    first,
    (entry: unknown) => {
      entries.push(entry);
      return size !== '1' || entries.length < 100;
    },
    { headers },
  );
  await iterator.iterate();
  console.log(JSON.stringify({ entries }));
} catch (error) {
  if (!(error instanceof GraphError)) throw error;
  console.log(JSON.stringify({ name: 'GraphError', status: error.statusCode, code: error.code }));
}
