/** Comparing two states of a call: laws that hold for all of them, and a plain comparison by the lists of the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VersionComparison } from '../../src/analysis/compare-versions.ts';
import { readComparison } from '../../src/analysis/read-comparison.ts';
import { development } from '../../src/base/development.ts';
import type { Edition } from '../../src/store/edition.ts';
import { randomRecord } from '../support/random-records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const { tenantId } = development;
const seed = 20_501;
const pairs = 60;

type Json = Readonly<Record<string, unknown>>;

/** Records in pairs: the second is another random record with the id of the first and the next version. */
function* recordPairs(): Generator<readonly [string, string]> {
  for (let number = 0; number < pairs; number++) {
    const odd = number % 2 === 1;
    const [first, second] = [2 * number, 2 * number + 1].map(
      (one) => JSON.parse(randomRecord(seed, one, { odd }).text) as Json,
    );
    // Some people and sessions are in both states.
    const shared = (name: string) =>
      [first, second].flatMap((record) =>
        Array.isArray(record?.[name]) ? (record[name] as unknown[]).slice(0, 2) : [],
      );
    const renamed = (entity: unknown) =>
      typeof entity === 'object' && entity !== null && number % 3 === 0
        ? { ...entity, identity: { user: { id: 'renamed', displayName: 'Renamed' } }, modalities: [] }
        : entity;
    yield [
      JSON.stringify({ ...first, id: `pair-${number}`, version: 1 }),
      JSON.stringify({
        ...second,
        id: `pair-${number}`,
        version: 2,
        ...(shared('participants_v2').length > 0 && {
          participants_v2: shared('participants_v2').map(renamed),
        }),
        ...(shared('sessions').length > 0 && { sessions: shared('sessions').map(renamed) }),
      }),
    ];
  }
}

describe('comparing two states of a call', () => {
  let server: TestServer;
  let calls: readonly (readonly Edition[])[];
  beforeAll(async () => {
    server = await startTestServer();
    const records = [...recordPairs()];
    await server.import(records.map(([first]) => first));
    await server.import(records.map(([, second]) => second));
    const ids = records.map((_, number) => `pair-${number}`);
    calls = await Promise.all(ids.map(async (id) => server.store.evidence.editions(tenantId, id)));
  });
  afterAll(() => server.stop());

  const compared = (left: Edition, right: Edition) => readComparison(server.store, left, right);
  const counts = ({ people, sessions }: VersionComparison) => ({
    came: people.came.count,
    went: people.went.count,
    changed: people.changed.count,
    sessions: sessions && [sessions.added.count, sessions.removed.count, sessions.changed.count],
  });

  it('finds no difference between a state and itself', async () => {
    for (const [edition] of calls) {
      const { people, sessions } = await compared(edition!, edition!);
      expect([edition!.callId, people]).toEqual([
        edition!.callId,
        { came: nothing, went: nothing, changed: nothing },
      ]);
      const list = edition!.sessions && { added: nothing, removed: nothing, changed: nothing };
      expect(sessions).toEqual(list ?? null);
    }
  });

  it('swaps who came and who went when the states are swapped', async () => {
    let differing = 0;
    for (const [left, right] of calls) {
      const [there, back] = [await compared(left!, right!), await compared(right!, left!)];
      expect(there.people.came).toEqual(back.people.went);
      expect(there.people.went).toEqual(back.people.came);
      expect(there.sessions?.added).toEqual(back.sessions?.removed);
      expect(there.sessions?.removed).toEqual(back.sessions?.added);
      expect(there.counts).toEqual({ left: back.counts.right, right: back.counts.left });
      const swapped = new Map(
        back.people.changed.first.map(({ id, changes }) => [
          id.toLowerCase(),
          changes.map(({ field, left: was, right: is }) => ({ field, left: is, right: was })),
        ]),
      );
      for (const { id, changes } of there.people.changed.first)
        expect(changes).toEqual(swapped.get(id.toLowerCase()));
      if (there.people.came.count > 0 && there.people.went.count > 0) differing++;
    }
    expect(differing).toBeGreaterThan(10);
  });

  it('counts who came and went as the lists of the API do', async () => {
    let [changed, changedSessions] = [0, 0];
    for (const [left, right] of calls) {
      const found = await compared(left!, right!);
      const [before, after] = [await listsOf(server, 1n, left!), await listsOf(server, 2n, right!)];
      // People without an id are matched by name, which the oracle does not do.
      if ([...before.people, ...after.people].includes('')) continue;
      expect([left!.callId, counts(found).came, counts(found).went]).toEqual([
        left!.callId,
        surplus(after.people, before.people),
        surplus(before.people, after.people),
      ]);
      if (found.sessions !== null)
        expect([left!.callId, found.sessions.added.count, found.sessions.removed.count]).toEqual([
          left!.callId,
          surplus(after.sessions, before.sessions),
          surplus(before.sessions, after.sessions),
        ]);
      changed += found.people.changed.count;
      changedSessions += found.sessions?.changed.count ?? 0;
    }
    expect(changed).toBeGreaterThan(10);
    expect(changedSessions).toBeGreaterThan(10);
  });
});

const nothing = { count: 0, first: [] };

/** Returns the ids of people and sessions as the API lists them. */
async function listsOf(server: TestServer, version: bigint, { callId }: Edition) {
  const path = `/v1.0/communications/callRecords/${callId}`;
  const headers = { prefer: `rollcall.participants=reconciled, rollcall.as-of=${version}` };
  const idsOf = async (list: string) => {
    const ids: string[] = [];
    for (let next: string | undefined = `${path}/${list}`; next !== undefined;) {
      const response = await server.get(next, headers);
      if (response.status === 404) return ids;
      const page = (await response.json()) as { value: Json[]; '@odata.nextLink'?: string };
      ids.push(...page.value.map(({ id }) => (typeof id === 'string' ? id : '')));
      const link: string | undefined = page['@odata.nextLink'];
      next = link === undefined ? undefined : new URL(link).pathname + new URL(link).search;
    }
    return ids;
  };
  const people = (await idsOf('participants_v2')).map((id) => id.toLowerCase());
  return { people, sessions: await idsOf('sessions') };
}

/** Returns how many entries of a list are not in another one, where each counts as often as it occurs. */
function surplus(list: readonly string[], other: readonly string[]): number {
  const rest = [...other];
  return list.filter((id) => {
    const at = rest.indexOf(id);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  }).length;
}
