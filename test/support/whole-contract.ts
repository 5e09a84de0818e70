/**
 * Tests the whole contract as one property: imported data is verified, served, exported and synced as received,
 * whatever it contains, except for exact repeats and quarantined entries.
 */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { Edition } from '../../src/store/edition.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { exportedCalls } from './exported.ts';
import { list, memberOf, object, parseTree, type Tree, type TreeObject } from './json-tree.ts';
import {
  plannedRecord,
  type PlannedRecord,
  recordPlan,
  type RecordPlan,
  servedEntries,
  withList,
} from './odd-records.ts';
import { testSeed } from './often.ts';
import { importLines, startTestServer, type TestServer } from './server.ts';
import { testSync } from './sync.ts';
import { differenceOf } from './tree-difference.ts';

interface Contract extends AsyncDisposable {
  /** Tests one case: records of a separate tenant. */
  readonly hold: (plans: readonly RecordPlan[]) => Promise<void>;
  readonly figures: { records: number; entries: number; answers: number };
}

/** Prepares the test. @param open Opens an empty store; called three times. */
export async function startContract(open: () => Promise<CallRecordStore>): Promise<Contract> {
  const server = await startTestServer({ store: await open() });
  const [copied, synced] = [await open(), await open()];
  const figures = { records: 0, entries: 0, answers: 0 };
  return {
    figures,
    hold: (plans) => hold(server, copied, synced, plans, figures),
    async [Symbol.asyncDispose]() {
      expect(server.defects).toEqual([]);
      await Promise.all([server.stop(), copied[Symbol.asyncDispose](), synced[Symbol.asyncDispose]()]);
    },
  };
}

/** Fails with the smallest plan that breaks the contract. */
export async function holdContract(contract: Contract, numRuns: number): Promise<void> {
  const plans = fc.array(recordPlan, { minLength: 1, maxLength: 4 });
  await fc.assert(fc.asyncProperty(plans, contract.hold), { numRuns, seed: testSeed });
}

async function hold(
  server: TestServer,
  copied: CallRecordStore,
  synced: CallRecordStore,
  plans: readonly RecordPlan[],
  figures: Contract['figures'],
): Promise<void> {
  const tenantId = randomUUID();
  const { store } = server;
  const records = plans.map((plan, i) => plannedRecord(plan, i));
  expect(
    (
      await importLines(
        store,
        records.map(({ text }) => text),
        tenantId,
      )
    ).rejects,
  ).toEqual([]);
  await verified(store, tenantId);
  const token = await server.token({ tenantId });
  for (const record of records) {
    const { id, marks } = record;
    const edition = await store.edition(tenantId, id);
    const reasons = edition?.odd.map(({ part, reason }) => `${part}.${reason}`) ?? [];
    expect(reasons.sort(), id).toEqual([...marks].sort());
    figures.answers += await isServed(server.url, token, record);
    figures.records++;
    figures.entries += (record.participants?.length ?? 0) + (record.sessions?.length ?? 0);
  }
  const ids = records.map(({ id }) => id);
  const exported = await exportedCalls(store, tenantId, ids);
  expect((await importLines(copied, exported, tenantId)).rejects).toEqual([]);
  await verified(copied, tenantId);
  const again = await exportedCalls(copied, tenantId, ids);
  alike('exported again', again.map(parseTree), exported.map(parseTree));
  expect(again.join('\n') === exported.join('\n')).toBe(true);

  using sync = testSync({ url: server.url, store: synced, tenants: [{ tenantId }], sinceMs: 0 });
  const editions: (Edition | undefined)[] = [];
  for (const id of ids) editions.push(await store.edition(tenantId, id));
  const unlisted = editions.filter((one) => one?.participants === undefined);
  const outcome = await sync.tenants[0]!.once(never);
  expect(outcome).toMatchObject({
    ...{ newVersions: ids.length, records: ids.length - unlisted.length },
    incomplete: unlisted.length,
  });
  const missing = outcome.problems.filter(({ reason }) =>
    reason.startsWith('Upstream itself has not received'),
  );
  expect(missing).toHaveLength(unlisted.length);
  await verified(synced, tenantId);
  const receivedAs = (lines: readonly string[]) =>
    lines.map((line) => withEmptySegments(parseTree(line) as TreeObject));
  alike('synced', receivedAs(await exportedCalls(synced, tenantId, ids)), receivedAs(exported));
}

/** Adds empty lists of segments, which the API returns for sessions without segments. */
function withEmptySegments(record: TreeObject): TreeObject {
  return withList(record, 'sessions', (sessions) =>
    sessions.map((session) => {
      if (session.kind !== 'object') return session;
      const held = memberOf(session, 'segments');
      const others = session.members.filter(([name]) => name !== 'segments');
      return object([...others, ['segments', held?.kind === 'list' ? held : list([])]]);
    }),
  );
}

/** Throws at the first difference between two lists of entries, with a short message, because a record may be long. */
function alike(what: string, got: readonly Tree[], expected: readonly Tree[]): void {
  const difference = differenceOf(list(got), list(expected), '');
  if (difference !== undefined) throw new Error(`${what}: ${difference}`);
}

const never = new AbortController().signal;

async function verified(store: CallRecordStore, tenantId: string): Promise<void> {
  const report = await verifyTenant(store, tenantId, { clock: systemClock, onRead: () => undefined });
  expect(report).toMatchObject({ corrupt: 0, countsCompared: true });
}

/** Reads all pages with a size that depends on the record. @returns The number of responses */
async function isServed(
  url: string,
  token: string,
  { id, text, participants = [], sessions = [] }: PlannedRecord,
): Promise<number> {
  const call = `${url}/v1.0/communications/callRecords/${encodeURIComponent(id)}`;
  const pageSize = [1000, 7, 50][text.length % 3]!;
  let answers = 0;
  const walk = async (path: string): Promise<TreeObject[]> => {
    const entries: TreeObject[] = [];
    for (let next: string | undefined = `${call}/${path}`; next !== undefined; answers++) {
      const answer: Response = await fetch(next, {
        headers: {
          authorization: `Bearer ${token}`,
          prefer: `include-unknown-enum-members, odata.maxpagesize=${pageSize}`,
        },
      });
      expect(answer.status).toBe(200);
      const page = servedEntries(await answer.text());
      entries.push(...page.entries);
      next = page.next;
    }
    return entries;
  };
  alike('participants', await walk('participants_v2'), participants);
  alike('sessions', await walk('sessions?$expand=segments'), sessions);
  return answers;
}
