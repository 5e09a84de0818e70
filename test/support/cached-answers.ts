/**
 * Sends random requests of random callers to a server with a response cache and to one without: each caller must get their own
 * response, never that of another tenant, role, host or preference.
 */
import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { below, randomFor } from '../../src/emulator/generate/random.ts';
import { aParticipant, aRecord, aSession, participants } from './records.ts';
import { startTestServer, type TestServer } from './server.ts';

const tenants = ['11111111-1111-4111-8111-111111111111', '33333333-3333-4333-8333-333333333333'] as const;
const callers = [
  { roles: ['CallRecords.Read.All'] },
  { roles: ['CallRecord-PstnCalls.Read.All'] },
  { roles: ['CallRecord-PstnCalls.Read.All', 'CallRecords.Read.All', 'Other.Role'] },
  { roles: [] },
  { roles: ['CallRecords.Read.All'], delegated: true },
] as const;
const call = 'communications/callRecords/call';
const range = '(fromDateTime=2026-10-01,toDateTime=2026-11-01)';
const paths = [
  'communications/callRecords',
  'communications/callRecords?$select=id,version',
  'communications/callRecords/$count',
  call,
  `${call}?$expand=participants_v2`,
  `${call}?$select=id&$expand=sessions($expand=segments)`,
  `${call}/organizer_v2`,
  `${call}/participants_v2`,
  `${call}/participants_v2?$select=id`,
  `${call}/participants_v2/$count`,
  `${call}/sessions`,
  `communications/callRecords('call')/sessions/session-1/segments`,
  `communications/callRecords/getPstnCalls${range}`,
  'communications/callRecords/nobody',
  'subscriptions',
] as const;
/** Inputs that may determine a response, with their values. */
const dimensions = {
  version: ['v1.0', 'beta'],
  path: paths,
  tenantId: tenants,
  caller: callers,
  host: ['one.example', 'two.example:8443'],
  prefer: [
    undefined,
    'odata.maxpagesize=1',
    'odata.maxpagesize=2',
    'omit-values=nulls',
    'include-unknown-enum-members',
    'rollcall.as-of=1',
  ],
  accept: [
    undefined,
    'application/json;odata.metadata=full',
    'application/json;odata.metadata=none',
    'application/json;IEEE754Compatible=true',
    'text/plain',
  ],
  'accept-encoding': [undefined, 'gzip', 'identity;q=0, *;q=0'],
  /** The ETag of the response itself, or none. */
  isRevalidated: [false, true],
} as const;
type Dimension = keyof typeof dimensions;
type Question = { readonly [Name in Dimension]: (typeof dimensions)[Name][number] };

interface CompareOptions {
  readonly seed: number;
  /** Requests; each is repeated until it is cached, followed by all requests that differ from it in one input. */
  readonly count: number;
  readonly signal?: AbortSignal;
}

interface Compared {
  readonly asked: number;
  /** Requests with a successful response, which are cached. */
  readonly succeeded: number;
  /** Requests whose responses differ. */
  readonly wrong: readonly string[];
}

export async function compareCachedAnswers({ seed, count, signal }: CompareOptions): Promise<Compared> {
  await using cached = await startTestServer();
  await using plain = await startTestServer({ cacheBytes: 0, issuer: cached.issuer });
  for (const server of [cached, plain]) await fill(server);
  const agent = new Agent({ keepAlive: true });
  const random = randomFor(seed);
  const otherThan = <Name extends Dimension>(name: Name, value?: Question[Name]): Question[Name] => {
    const values = dimensions[name] as unknown as readonly Question[Name][]; // those of this name
    const others = values.filter((one) => one !== value || value === undefined);
    return others[below(random, others.length)]!;
  };
  const names = Object.keys(dimensions) as Dimension[];
  const wrong: string[] = [];
  let asked = 0;
  let succeeded = 0;
  /** Uses another token each time. */
  const ask = async (server: TestServer, question: Question, etag: string | undefined) => {
    const { version, path, tenantId, caller, host, prefer, accept, isRevalidated } = question;
    const headers = {
      ...{ host, prefer, accept, 'accept-encoding': question['accept-encoding'] },
      'if-none-match': isRevalidated ? etag : undefined,
      authorization: `Bearer ${await cached.token({ tenantId, ...caller })}`,
    };
    return answerOf(server.url, `/${version}/${path}`, headers, agent);
  };
  for (let i = 0; i < count && signal?.aborted !== true; i++) {
    // Half of the requests are from a reader, because only successes are cached.
    const any = Object.fromEntries(names.map((name) => [name, otherThan(name)])) as unknown as Question;
    const base = i % 2 === 0 ? any : { ...any, caller: callers[0], accept: undefined };
    const { etag } = await ask(plain, { ...base, isRevalidated: false }, undefined);
    const variants = names.map((name) => ({ ...base, [name]: otherThan(name, base[name]) }));
    for (const question of [base, base, base, ...variants]) {
      const [answer, expected] = [await ask(cached, question, etag), await ask(plain, question, etag)];
      asked++;
      if (expected.status === 200) succeeded++;
      if (JSON.stringify(answer) !== JSON.stringify(expected)) wrong.push(JSON.stringify(question));
    }
  }
  agent.destroy();
  return { asked, succeeded, wrong };
}

async function fill(server: TestServer): Promise<void> {
  for (const [i, tenantId] of tenants.entries()) {
    const roll = participants(3).map(({ id }) => aParticipant(`${id}-of-${i}`));
    await server.import([aRecord('call', { version: 1, participants_v2: roll.slice(0, 2) })], tenantId);
    await server.import(
      [
        aRecord('call', {
          version: 2,
          participants_v2: roll,
          sessions: [aSession('session-1', `${participants(1)[0]!.id}-of-${i}`), aSession('session-2', 'x')],
        }),
        aRecord(`other-${i}`),
      ],
      tenantId,
    );
  }
}

interface Compare {
  readonly status: number;
  readonly etag: string | undefined;
  readonly headers: readonly (string | undefined)[];
  readonly body: string;
}

function answerOf(
  url: string,
  path: string,
  headers: Readonly<Record<string, string | undefined>>,
  agent: Agent,
): Promise<Compare> {
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const sent = request(new URL(url).origin + path, { agent, headers: given });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        const bytes = Buffer.concat(pieces);
        const { etag } = response.headers;
        const named = ['content-type', 'content-encoding', 'preference-applied', 'warning'];
        resolve({
          status: response.statusCode!,
          etag,
          headers: named.map((name) => response.headers[name]?.toString()),
          body: comparable(
            response.headers['content-encoding'] === 'gzip' && bytes.length > 0 ? gunzipSync(bytes) : bytes,
          ),
        });
      });
    });
    sent.end();
  });
}

/** Removes what differs in every response: ids, times, and skip tokens. */
function comparable(body: Buffer): string {
  return body
    .toString()
    .replaceAll(/(\$skiptoken=)[\w%-]+/g, '$1TOKEN')
    .replaceAll(/"(date|request-id|client-request-id)":"[^"]*"/g, '"$1":""');
}
