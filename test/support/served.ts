/** Reads everything that a server returns about a tenant's calls, without what differs between servers. */

/**
 * Reads the responses about every call by id: the call, every page of its participants, and of its sessions with their
 * segments.
 *
 * @param read Returns the status and the body of a path, as text.
 */
export async function served(
  url: string,
  read: (path: string) => Promise<string>,
  callIds: readonly string[],
): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const callId of callIds) {
    const path = `/v1.0/communications/callRecords/${encodeURIComponent(callId)}`;
    const answers = [await read(path)];
    for (const list of ['participants_v2', 'sessions?$expand=segments']) {
      for (let next: string | undefined = `${path}/${list}`; next !== undefined;) {
        const answer = await read(next);
        answers.push(answer);
        const [, link] = /"@odata\.nextLink":"([^"]+)"/.exec(answer) ?? [];
        next = link?.slice(url.length);
      }
    }
    all.set(callId, answers.map((answer) => withoutServer(answer, url)).join('\n'));
  }
  return all;
}

/** Creates a reader from a test server's client. */
export function readerOf(server: { get(path: string): Promise<Response> }) {
  return async (path: string): Promise<string> => {
    const response = await server.get(path);
    return `${response.status} ${await response.text()}`;
  };
}

/** Removes next links, which each server seals with its own key. */
export function withoutServer(text: string, url: string): string {
  return text.replaceAll(url, 'https://server').replaceAll(/\$skiptoken=[^"&]+/g, '$skiptoken=…');
}
