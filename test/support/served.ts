/** Everything a server serves of a tenant's calls, with what differs from server to server taken out. */
import type { TestServer } from './server.ts';

/** Bodies of every call by id: the call, every page of its participants, and of its sessions with their segments. */
export async function served(
  server: Pick<TestServer, 'get' | 'url'>,
  callIds: readonly string[],
): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const callId of callIds) {
    const path = `/v1.0/communications/callRecords/${encodeURIComponent(callId)}`;
    const bodies = [await textOf(server, path)];
    for (const list of ['participants_v2', 'sessions?$expand=segments']) {
      for (let next: string | undefined = `${path}/${list}`; next !== undefined;) {
        const body = await textOf(server, next);
        bodies.push(body);
        const link = (JSON.parse(body) as { '@odata.nextLink'?: string })['@odata.nextLink'];
        next = link?.slice(server.url.length);
      }
    }
    all.set(callId, bodies.map((body) => withoutServer(body, server.url)).join('\n'));
  }
  return all;
}

async function textOf(server: Pick<TestServer, 'get'>, path: string): Promise<string> {
  const response = await server.get(path);
  if (response.status !== 200) return `status ${response.status}`;
  return response.text();
}

/** Next links are sealed by each server with a key of its own. */
function withoutServer(body: string, url: string): string {
  return body.replaceAll(url, 'https://server').replaceAll(/\$skiptoken=[^"&]+/g, '$skiptoken=…');
}
