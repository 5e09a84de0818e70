/** What is deprecated (organizer, participants, an endpoint's identity) in each position of the setting, wherever it stands. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { omitNulls } from '../support/naive-projection.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Json = Record<string, unknown>;

const lines = [...generateLines({ ...defaultGenerateOptions, calls: 12, largest: 8 })];
const call = lines
  .map(
    (line) =>
      JSON.parse(line) as Json & { id: string; sessions: { id: string; segments: { id: string }[] }[] },
  )
  .sort((a, b) => b.sessions.length - a.sessions.length)[0]!;
const [session] = call.sessions;
const base = '/v1.0/communications/callRecords';
const one = `${base}/${call.id}`;
const paths = [
  base,
  `${base}?$select=id,organizer`,
  `${base}?$select=participants`,
  one,
  `${one}?$select=organizer,participants,version`,
  `${one}?$expand=sessions`,
  `${one}?$expand=sessions($select=caller,id;$expand=segments)`,
  `${one}?$select=organizer&$expand=participants_v2`,
  `${one}/sessions`,
  `${one}/sessions?$select=caller&$expand=segments`,
  `${one}/sessions/${session!.id}?$select=callee`,
  `${one}/sessions/${session!.id}/segments`,
  `${one}/sessions/${session!.id}/segments/${session!.segments[0]!.id}`,
  `${one}/participants_v2`,
  `${one}/organizer_v2`,
];
const accepts = ['none', 'minimal', 'full'].map((metadata) => `application/json;odata.metadata=${metadata}`);

let before: TestServer;
beforeAll(async () => {
  before = await startTestServer();
  await before.import(lines);
});
afterAll(() => before.stop());

/** The answer as it is before the change, without what is deprecated, or with it emptied. */
function changed(value: unknown, how: 'empty' | 'absent', path: string[] = []): unknown {
  if (Array.isArray(value)) return value.map((entry) => changed(entry, how, path));
  if (typeof value !== 'object' || value === null) return value;
  const isCall = path.length === 0 && !('value' in value);
  const isEndpoint = ['caller', 'callee'].includes(path.at(-1) ?? '');
  const entries = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const [property = ''] = name.split('@', 1);
    const isDeprecated =
      (isCall && ['organizer', 'participants'].includes(property)) || (isEndpoint && property === 'identity');
    if (!isDeprecated) return [[name, changed(member, how, name === 'value' ? [] : [...path, name])]];
    if (how === 'absent') return [];
    return [[name, name.includes('@') ? member : property === 'participants' ? [] : null]];
  });
  return Object.fromEntries(entries);
}

describe.each(['empty', 'absent'] as const)('%s', (how) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ deprecated: how });
    await server.import(lines);
  });
  afterAll(async () => {
    expect(server.defects).toEqual([]);
    await server.stop();
  });

  const answer = async (from: TestServer, path: string, headers: Record<string, string>) => {
    const text = await (await from.get(path, headers)).text();
    return JSON.parse(text.replaceAll(from.url, '')) as Json;
  };

  describe.each(accepts)('with %s', (accept) => {
    it.each(paths)('in %s', async (path) => {
      const expected = changed(await answer(before, path, { accept }), how);
      expect(await answer(server, path, { accept })).toEqual(expected);
      const omitting = { accept, prefer: 'omit-values=nulls' };
      const left = accept.endsWith('none') ? omitNulls(expected as Json) : undefined;
      const omitted = await answer(server, path, omitting);
      if (left !== undefined) expect(omitted).toEqual(left);
      expect(omitted).toEqual(changed(await answer(before, path, omitting), 'absent'));
    });
  });
});

it('is as before unless told otherwise', async () => {
  const text = await (await before.get(`${one}?$expand=sessions`)).json();
  const { organizer, participants, sessions } = text as Json & { sessions: Json[] };
  expect([organizer, participants]).toEqual([call['organizer'], call['participants']]);
  expect((sessions[0]!['caller'] as Json)['identity']).toEqual(
    ((session as unknown as Json)['caller'] as Json)['identity'],
  );
});
