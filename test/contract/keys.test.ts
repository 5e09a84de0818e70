/** Any text is a possible id: what a record holds under it is reached by each syntax of a key, and by our own links. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aParticipant, aRecord } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const ids = [
  "o'neil",
  'a/b',
  'ü ☎ 😀',
  '+5564981205182',
  'a(b)',
  "f('k')",
  '$count',
  '.',
  '..',
  "id='x'",
  '%41?#',
];
const base = '/v1.0/communications/callRecords';
const times = { startDateTime: '2026-03-02T10:00:00Z', endDateTime: '2026-03-02T10:20:00Z' };
const segments = (id: string) => [0, 1].map((i) => ({ id: `${id}#${i}`, ...times, media: [] }));
const sessions = ids.map((id) => ({ id, modalities: ['audio'], ...times, segments: segments(id) }));

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.import(
    ids.map((id) => aRecord(id, { participants_v2: ids.map((one) => aParticipant(one)), sessions })),
  );
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server.stop();
});

type Json = Record<string, unknown>;
const idOf = async (path: string) => ((await (await server.get(path)).json()) as Json)['id'];
const quoted = (id: string) => `('${encodeURIComponent(id.replaceAll("'", "''"))}')`;

async function walked(next: string | undefined): Promise<unknown[]> {
  const found: unknown[] = [];
  while (next !== undefined) {
    const response = await server.get(next.replace(server.url, ''), { prefer: 'maxpagesize=1' });
    const page = (await response.json()) as { value: Json[]; '@odata.nextLink'?: string };
    found.push(...page.value.map(({ id }) => id));
    next = page['@odata.nextLink'];
  }
  return found;
}

describe.each(ids)('the id %s', (id) => {
  it('is reached in parentheses at every level', async () => {
    const call = base + quoted(id);
    expect(await idOf(call)).toBe(id);
    expect(await idOf(`${call}/participants_v2${quoted(id)}`)).toBe(id);
    expect(await idOf(`${call}/sessions${quoted(id)}`)).toBe(id);
    expect(await idOf(`${call}/sessions${quoted(id)}/segments${quoted(`${id}#0`)}`)).toBe(`${id}#0`);
  });

  it('is in the next links of its lists, which lead on to their end', async () => {
    const call = base + quoted(id);
    expect(await walked(`${call}/participants_v2`)).toEqual(ids);
    expect(await walked(`${call}/sessions`)).toEqual(ids);
    expect(await walked(`${call}/sessions${quoted(id)}/segments`)).toEqual([`${id}#0`, `${id}#1`]);
  });

  it.each(['participants_v2', 'sessions'])('is in the next link of an expanded %s', async (list) => {
    const response = await server.get(`${base}${quoted(id)}?$expand=${list}`, { prefer: 'maxpagesize=1' });
    const call = (await response.json()) as Json;
    expect(await walked(call[`${list}@odata.nextLink`] as string)).toEqual(ids.slice(1));
  });
});

it.each(ids.filter((id) => !/^[$.]/.test(id)))(
  '%s is reached as a segment, its parentheses encoded',
  async (id) => {
    const segment = encodeURIComponent(id).replaceAll('(', '%28').replaceAll(')', '%29');
    expect(await idOf(`${base}/${segment}/participants_v2/${segment}`)).toBe(id);
  },
);
