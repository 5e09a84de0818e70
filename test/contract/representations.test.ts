/** Tests that every representation of every record is JSON with the content of the record. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { tenantId } from '../support/direct-read.ts';
import { exportTest, question } from '../support/exported.ts';
import { parseTree } from '../support/json-tree.ts';
import { attackLogRows } from '../support/log-row-attack.ts';
import { randomRecord } from '../support/random-records.ts';
import { attackRepresentations, importRandomLines } from '../support/representation-attack.ts';
import { aRecord } from '../support/records.ts';
import { startTestServer } from '../support/server.ts';
import { often } from '../support/often.ts';

const base = '/v1.0/communications/callRecords';

describe('representations of random records', () => {
  it.each(Array.from({ length: often(4, 10) }, (_, i) => 1000 + i))(
    'are what the oracle says of them, from seed %i on',
    async (seed) => {
      const attack = {
        seed,
        records: 24,
        questions: 14,
        open: () => Promise.resolve(openSqliteStore(':memory:')),
      };
      const { answers, findings } = await attackRepresentations(attack);
      expect(findings).toEqual([]);
      expect(answers).toBeGreaterThan(300);
    },
  );
});

it.each(Array.from({ length: often(3, 6) }, (_, i) => 5000 + i))(
  'representations of records that are odd here and there are what the oracle says of them, from seed %i on',
  async (seed) => {
    const attack = {
      ...{ seed, records: 24, questions: 14, odd: true },
      open: () => Promise.resolve(openSqliteStore(':memory:')),
    };
    const { answers, findings } = await attackRepresentations(attack);
    expect(findings).toEqual([]);
    expect(answers).toBeGreaterThan(300);
  },
);

/** A record in its digits and order. */
const called = (id: string, members: string) =>
  `{"id":"${id}","version":1,"startDateTime":"2026-01-01T00:00:00Z",${members}}`;

describe('a representation', () => {
  it.each([
    ['a null before segments that are empty', '"failureInfo":null,"segments":[]', '{"id":"s"}'],
    ['nothing but nulls before segments', '"callee":null,"segments":[{"id":"g"}]', '{"id":"s"}'],
    ['two unknown members, the first null', '"x":null,"y":1', '{"id":"s","y":1}'],
    ['unknown members after one that is null', '"isTest":null,"x":null,"y":null,"z":1', '{"id":"s","z":1}'],
  ])('of sessions without nulls is right where there is %s', async (_, members, expected) => {
    await using server = await startTestServer();
    await server.import([called('a', `"sessions":[{"id":"s",${members}},{"id":"t","segments":[]}]`)]);
    const prefer = { prefer: 'omit-values=nulls' };
    for (const path of ['sessions', 'sessions?$select=id,isTest']) {
      const { value } = (await (await server.get(`${base}/a/${path}`, prefer)).json()) as { value: object[] };
      const wanted = path.includes('select')
        ? [{ id: 's' }, { id: 't' }]
        : [JSON.parse(expected), { id: 't' }];
      expect(value).toEqual(wanted);
    }
    expect(await (await server.get(`${base}/a?$expand=sessions`, prefer)).json()).toMatchObject({
      sessions: [JSON.parse(expected), { id: 't' }],
    });
    expect(server.defects).toEqual([]);
  });

  it('with full metadata is JSON where an entity has no annotation left', async () => {
    await using server = await startTestServer();
    await server.import([aRecord('a', { '@odata.type': '#microsoft.graph.callRecords.callRecord' })]);
    const answer = await server.get(`${base}?$select=version`, {
      accept: 'application/json;odata.metadata=full',
    });
    expect(await answer.json()).toMatchObject({
      value: [{ '@odata.type': '#microsoft.graph.callRecords.callRecord', version: 1 }],
    });
  });

  it('with full metadata states the type of a member once', async () => {
    await using server = await startTestServer();
    await server.import([called('a', '"startDateTime@odata.type":"#x","joinWebUrl@odata.type":"#y"')]);
    const answer = await server.get(`${base}/a`, { accept: 'application/json;odata.metadata=full' });
    const text = await answer.text();
    expect(text.match(/"startDateTime@odata.type":"[^"]*"/g)).toEqual([
      '"startDateTime@odata.type":"#DateTimeOffset"',
    ]);
    expect(text).toContain('"joinWebUrl@odata.type":"#y"');
  });

  it('masks an enumeration by what it says, however it is written', async () => {
    await using server = await startTestServer();
    await server.import([called('a', '"modalities":["\\u0061udio","\\u0061nother"]')]);
    expect(await (await server.get(`${base}/a`)).json()).toMatchObject({
      modalities: ['audio', 'unknownFutureValue'],
    });
  });

  it('of an organizer that holds a member twice is what was received', async () => {
    await using server = await startTestServer();
    await server.import([called('a', '"organizer_v2":{"identity":null,"id":"x","id":"y"}')]);
    const answer = await server.get(`${base}/a/organizer_v2`);
    expect(await answer.text()).toContain('"id":"x","id":"y","identity":null');
    expect(server.defects).toEqual([]);
  });
});

it.each(['participants_v2', 'sessions'])('a record with %s twice has the entries of both', async (list) => {
  await using server = await startTestServer();
  await server.import([called('a', `"${list}":[{"id":"x"}],"${list}":[{"id":"y"},{"id":"x"}]`)]);
  const answer = (await (await server.get(`${base}/a?$expand=${list}`)).json()) as Record<string, unknown>;
  expect(answer[list]).toEqual([{ id: 'x' }, { id: 'y' }]);
  const part = list === 'sessions' ? 'sessions' : 'participants';
  expect((await server.store.edition(tenantId, 'a'))?.odd).toEqual([
    { part, reason: 'memberTwice', count: 1 },
    { part, reason: 'repeatedAcrossPages', count: 1, first: 0 },
  ]);
});

it('a session with segments twice has those of both', async () => {
  await using server = await startTestServer();
  await server.import([
    called('a', '"sessions":[{"id":"s","segments":[{"id":"g"}],"segments":[{"id":"h"}],"segments":null}]'),
  ]);
  const answer = await server.get(`${base}/a/sessions/s/segments`);
  expect(((await answer.json()) as { value: unknown }).value).toEqual([{ id: 'g' }, { id: 'h' }]);
});

it.each([3000, 3001, 3002])(
  'rows of logs are what the oracle says of them, from seed %i on',
  async (seed) => {
    await using store = openSqliteStore(':memory:');
    expect(await attackLogRows(store, seed, 80)).toEqual({ answers: 80, findings: [] });
  },
);

it('what the page asks of random records is JSON, and each of them is found', async () => {
  await using server = await startTestServer();
  const records = Array.from({ length: 40 }, (_, number) => randomRecord(4000, number));
  const { rejects } = await server.import(records.map(({ text }) => text));
  expect(rejects).toEqual([]);
  const paths = ['/rollcall/calls', '/rollcall/statistics', '/rollcall/status', '/rollcall/completeness'];
  for (const { id } of records) {
    const key = encodeURIComponent(id);
    paths.push(`/rollcall/calls/${key}/summary`);
    paths.push(`/rollcall/callRecords/${key}/versions`, `/rollcall/callRecords/${key}/completeness`);
  }
  for (const path of paths) {
    const answer = await server.get(path);
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    parseTree(await answer.text()); // throws what is no JSON
  }
  expect(server.defects).toEqual([]);
});

it.each(['calls', 'participants', 'sessions', 'segments', 'streams'] as const)(
  'an export of %s of random records is a JSON object a line',
  async (what) => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
    try {
      await using store = openSqliteStore(':memory:');
      const records = Array.from({ length: 40 }, (_, number) => randomRecord(5000, number));
      expect(
        await importRandomLines(
          store,
          records.map(({ text }) => text),
        ),
      ).toEqual([]);
      const path = join(folder, 'export.jsonl');
      await exportTest(store, question(tenantId, { what }), path);
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      expect(lines.length).toBeGreaterThan(5);
      for (const line of lines) expect(parseTree(line).kind).toBe('object');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
