import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateLines, defaultGenerateOptions } from '../../src/emulator/generate/generate.ts';
import { aRecord, participants, type TestParticipant } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

interface Page {
  readonly '@odata.nextLink'?: string;
  readonly value: TestParticipant[];
}

const run = promisify(execFile);
/** 1,250 people of every kind, as the generator makes them. */
const generated = JSON.parse(
  generateLines({ ...defaultGenerateOptions, calls: 1, largest: 1250, media: false }).next().value!,
) as {
  id: string;
  participants_v2: TestParticipant[];
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.import([generated, aRecord('forty', { participants_v2: participants(40) })]);
});
afterAll(() => server.stop());

async function walk(
  first: string,
  headers: Record<string, string> = {},
): Promise<{ entries: TestParticipant[]; sizes: number[] }> {
  const entries: TestParticipant[] = [];
  const sizes: number[] = [];
  for (let url: string | undefined = first; url !== undefined;) {
    const page = (await (await server.get(url.replace(server.url, ''), headers)).json()) as Page;
    entries.push(...page.value);
    sizes.push(page.value.length);
    url = page['@odata.nextLink'];
  }
  return { entries, sizes };
}

const path = (id: string) => `/v1.0/communications/callRecords/${id}/participants_v2`;

describe('a walk of participants_v2', () => {
  it.each([7, 129, 130, 131, 999])(
    'gives 1,250 entries one by one as they came, in pages of %i or the maximum',
    async (size) => {
      const { entries, sizes } = await walk(path(generated.id), { prefer: `odata.maxpagesize=${size}` });
      expect(entries).toEqual(generated.participants_v2);
      const page = Math.min(size, 130);
      expect(sizes).toEqual(
        Array.from({ length: Math.ceil(1250 / page) }, (_, i) => Math.min(page, 1250 - i * page)),
      );
    },
  );

  it('goes on from a token whose name the client encoded, and carries its other options', async () => {
    const first = await server.get(path('forty'), { prefer: 'odata.maxpagesize=15' });
    const token = new URL(((await first.json()) as Page)['@odata.nextLink']!).searchParams.get('$skiptoken')!;
    const { sizes, entries } = await walk(`${path('forty')}?%24%73kiptoken=${token}&%24select=id&x=%26`);
    expect([sizes, entries.at(-1)]).toEqual([[15, 10], { id: 'participant-39' }]);
  });

  it('gives pages of one', async () => {
    const { sizes, entries } = await walk(path('forty'), { prefer: 'maxpagesize=1' });
    expect([sizes, entries]).toEqual([Array.from({ length: 40 }, () => 1), participants(40)]);
  });

  it('goes on in the size and with the preferences it began with when later requests state none', async () => {
    const first = await server.get(path('forty'), { prefer: 'odata.maxpagesize=15, omit-values=nulls' });
    const begun = (await first.json()) as Page;
    const rest = await walk(begun['@odata.nextLink']!);
    expect([begun.value.length, ...rest.sizes]).toEqual([15, 15, 10]);
    expect(rest.entries[0]).toEqual({
      id: 'participant-15',
      identity: {
        user: {
          '@odata.type': '#microsoft.graph.userIdentity',
          id: 'participant-15',
          displayName: 'Person participant-15',
        },
      },
    });
  });

  it('carries $select in its next links', async () => {
    const { entries } = await walk(`${path('forty')}?%24select=id`, { prefer: 'odata.maxpagesize=9' });
    expect(entries).toEqual(participants(40).map(({ id }) => ({ id })));
  });

  it('expires on the version it began with when a newer one arrives on the way', async () => {
    const before = participants(300);
    const after = participants(200).reverse();
    await server.import([aRecord('changing', { participants_v2: before })]);
    const first = (await (await server.get(path('changing'))).json()) as Page;
    await server.import([aRecord('changing', { version: 2, participants_v2: after })]);
    const rest = await walk(first['@odata.nextLink']!);
    expect([...first.value, ...rest.entries]).toEqual(before);
    expect((await walk(path('changing'))).entries).toEqual(after);
  });

  it('does not serve an older version that arrives late', async () => {
    await server.import([aRecord('late', { version: 5, participants_v2: participants(2) })]);
    await server.import([aRecord('late', { version: 4, participants_v2: participants(3) })]);
    expect((await walk(path('late'))).entries).toEqual(participants(2));
  });

  it('reads the same through curl --compressed', async () => {
    const { stdout } = await run(
      'curl',
      [
        '-sS',
        '--fail',
        '--compressed',
        '-H',
        `Authorization: Bearer ${await server.token()}`,
        server.url + path(generated.id),
      ],
      { maxBuffer: 2 ** 24 },
    );
    expect((JSON.parse(stdout) as Page).value).toEqual(generated.participants_v2.slice(0, 130));
  });
});
