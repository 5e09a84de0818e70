/** Computes the roll of a call from the lists that the API returns, in the plainest way: a loop for each person. */
import {
  type SessionFailure,
  decidingFailure,
  distinctFailures,
  failureOf,
} from '../../src/contract/failure.ts';
import type { TestServer } from './server.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the oracle knows about a person on the roll. */
interface OraclePerson {
  readonly id: string;
  readonly inferredFrom: string | null;
  readonly joinedMs: number | null;
  readonly leftMs: number | null;
  readonly presentSeconds: number | null;
  readonly platforms: readonly string[];
  readonly failures: readonly SessionFailure[];
}

/** Returns the roll of a call. @param prefer Preferences in addition to those for the whole list of participants */
export async function oracleRoll(
  server: Pick<TestServer, 'get'>,
  callId: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly OraclePerson[]> {
  const path = `/v1.0/communications/callRecords/${encodeURIComponent(callId)}`;
  const participants = await entities(server, `${path}/participants_v2`, headers);
  const sessions = await entities(server, `${path}/sessions?$expand=segments`, headers);
  const ids = participants.map((one) => [textOf(one['id']), ...identityIds(one['identity'])].map(lower));
  const ownerOf = (endpoint: unknown) => {
    const own = [
      ...identityIds(objectOf(endpoint)['identity']),
      idOf(objectOf(endpoint)['associatedIdentity']),
    ];
    for (const id of own.map(lower)) {
      const at = id === undefined ? -1 : ids.findIndex((known) => known.includes(id));
      if (at >= 0) return at;
    }
    return undefined;
  };
  const ends = sessions.flatMap((session) =>
    [session['caller'], session['callee']].map((end) => ({ session, end, owner: ownerOf(end) })),
  );
  return participants.map((participant, index) => {
    const own = ends.filter(({ owner }) => owner === index);
    const times = own.flatMap(({ session }) => presence(session));
    const platforms = own.map(({ end }) => objectOf(objectOf(end)['userAgent'])['platform']);
    return {
      id: textOf(participant['id']) ?? '',
      inferredFrom: textOf(participant['@rollcall.source']) ?? null,
      joinedMs: times.length === 0 ? null : Math.min(...times.map(([from]) => from)),
      leftMs: times.length === 0 ? null : Math.max(...times.map(([, to]) => to)),
      presentSeconds: times.length === 0 ? null : Math.round(covered(times) / 1000),
      platforms: [
        ...new Set(platforms.filter((one) => typeof one === 'string' && one !== 'unknown' && one !== '')),
      ] as string[],
      failures: distinctFailures(own.flatMap(({ session }) => failureIn(session) ?? [])),
    };
  });
}

async function entities(
  server: Pick<TestServer, 'get'>,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<readonly Json[]> {
  const found: Json[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const prefer = ['rollcall.participants=reconciled', 'include-unknown-enum-members', headers['prefer']]
      .filter(Boolean)
      .join(', ');
    const page = (await (await server.get(next, { ...headers, prefer })).json()) as Json;
    found.push(...((page['value'] ?? []) as Json[]));
    const link = textOf(page['@odata.nextLink']);
    next = link === undefined ? undefined : link.slice(new URL(link).origin.length);
  }
  return found;
}

/** Returns the milliseconds that spans cover, counted between each two ends of spans. */
function covered(spans: readonly (readonly [number, number])[]): number {
  const moments = [...new Set(spans.flat())].sort((a, b) => a - b);
  return moments.slice(1).reduce((sum, to, i) => {
    const from = moments[i]!;
    return spans.some((span) => span[0] <= from && to <= span[1]) ? sum + to - from : sum;
  }, 0);
}

function presence(session: Json): readonly (readonly [number, number])[] {
  const own = spanOf(session);
  if (own.length > 0) return own;
  const parts = listOf(session['segments']).flatMap(spanOf);
  if (parts.length === 0) return [];
  return [[Math.min(...parts.map(([from]) => from)), Math.max(...parts.map(([, to]) => to))]];
}

function spanOf(part: Json): readonly (readonly [number, number])[] {
  const [from, to] = ['startDateTime', 'endDateTime'].map((name) => Date.parse(textOf(part[name]) ?? ''));
  return from! <= to! ? [[from!, to!]] : [];
}

function failureIn(session: Json): SessionFailure | undefined {
  const received = [session, ...listOf(session['segments'])].map((part) => part['failureInfo']);
  return decidingFailure(received.flatMap((one) => (typeof one === 'object' && one ? [failureOf(one)] : [])));
}

function identityIds(set: unknown): readonly (string | undefined)[] {
  return Object.values(objectOf(set)).map(idOf);
}

const idOf = (identity: unknown) => textOf(objectOf(identity)['id']);
const lower = (id: string | undefined) => id?.toLowerCase();
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
const objectOf = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as Json;
const listOf = (value: unknown) => (Array.isArray(value) ? value : []).map(objectOf);
