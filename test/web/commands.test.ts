/** The commands that the page shows, run by a shell against a real server. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requests } from '../../src/web/call/requests.ts';
import { type CommandRequest, powershellCommand, shellCommand } from '../../src/web/parts/commands.ts';
import { aPerson, between } from '../support/page-server.ts';
import { aPstnRow } from '../support/phone-rows.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const run = promisify(execFile);
const { platform } = process;

interface Entry {
  readonly id: string;
}
interface List {
  readonly value: readonly Entry[];
  readonly '@odata.nextLink'?: string;
}

const count = 300;
const likeALink = '","@odata.nextLink":"https://elsewhere.example/';
const people = Array.from({ length: count }, (_, i) =>
  i % 50 === 0
    ? aParticipant(`p${i}`, {
        '@odata.nextLink': `${likeALink}${i}`,
        identity: { user: { id: `p${i}`, displayName: likeALink } },
      })
    : aPerson(`p${i}`, `Person "${i}" \\ '$(exit)' "value":[`),
);

describe.skipIf(platform === 'win32')('the commands that the page shows', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.import([
      aRecord("all-hands'", {
        ...between('10:00:00', '11:00:00'),
        participants_v2: people,
        sessions: people.map(({ id }) => aSession(`s${id}`, id, undefined, between('10:00:00', '11:00:00'))),
      }),
      aRecord('unlisted', { participants_v2: undefined, sessions: [] }),
      ...people.map(({ id }) => aRecord(`call-${id}`, { participants_v2: [aPerson('anna', likeALink)] })),
      ...people.map(({ id }) => aPstnRow(id, { userDisplayName: likeALink })),
    ]);
  });
  afterAll(() => server.stop());

  const answerOf = async (request: CommandRequest, token?: string) => {
    const env = { ...process.env, TOKEN: token ?? (await server.token()) };
    const { stdout } = await run('sh', ['-c', shellCommand(request)], { env, maxBuffer: 1e8 });
    return JSON.parse(stdout) as List;
  };
  const idsOf = ({ value }: List) => value.map(({ id }) => id);

  it.each(requests.filter(({ isList }) => isList))(
    'print every page of a call as one JSON text: $title',
    async ({ name, path, isList }) => {
      const url = server.url + path("all-hands'");
      const [whole, first] = await Promise.all([
        answerOf({ url, prefer: 'odata.maxpagesize=40', isList }),
        server.get(path("all-hands'")).then(async (response) => (await response.json()) as List),
      ]);
      expect(idsOf(whole)).toHaveLength(count);
      expect(new Set(idsOf(whole))).toEqual(
        new Set(people.map(({ id }) => (name === 'sessions' ? `s${id}` : id))),
      );
      const { '@odata.nextLink': nextLink, ...others } = first;
      expect(nextLink).toBeDefined();
      expect(whole).toEqual({ ...others, value: whole.value });
    },
  );

  it('print the record, which has no pages', async () => {
    const { path } = requests.find(({ name }) => name === 'record')!;
    expect(await answerOf({ url: server.url + path("all-hands'"), isList: false })).toMatchObject({
      id: "all-hands'",
    });
  });

  it('print that a list was not received', async () => {
    const { path } = requests.find(({ name }) => name === 'participants')!;
    const list = await answerOf({ url: server.url + path('unlisted'), isList: true });
    expect(list).toMatchObject({ '@rollcall.incomplete': 'listMissing', value: [] });
  });

  it.each([
    ['/rollcall/calls?person=anna', people.map(({ id }) => `call-${id}`)],
    ['/rollcall/calls?person=nobody', []],
    ['/rollcall/logs/pstn?number=%2B49', people.map(({ id }) => id)],
  ])('print every page of %s', async (path, ids) => {
    expect(idsOf(await answerOf({ url: server.url + path, isList: true })).toSorted()).toEqual(
      ids.toSorted(),
    );
  });

  it('fail when the server refuses, and name the status', async () => {
    const url = `${server.url}/rollcall/calls`;
    await expect(answerOf({ url, isList: true }, 'no token')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('401') as string,
    });
  });

  it('leave a URL and a preference as they are', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((one) => one.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(text, text, async (id, prefer) => {
        const url = `https://calls.example/${id}`;
        const curl = `curl() { printf '%s\\0' "$@"; }; `;
        const command = shellCommand({ url, prefer, isList: false });
        const { stdout } = await run('sh', ['-c', curl + command], { env: { TOKEN: 't' } });
        const [, , , authorization, , preference, target] = stdout.split('\0');
        expect([authorization, preference, target]).toEqual([
          'Authorization: Bearer t',
          `Prefer: ${prefer}`,
          url,
        ]);
      }),
      { numRuns: 20 },
    );
  });
});

it('doubles every quote that ends a text in PowerShell', () => {
  const url = "https://calls.example/a'b’c";
  const command = powershellCommand({ url, prefer: 'it‘s', isList: true });
  expect(command).toContain("$next = 'https://calls.example/a''b’’c'\n");
  expect(command).toContain("Prefer = 'it‘‘s' }\n");
});
