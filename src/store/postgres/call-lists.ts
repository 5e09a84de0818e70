/**
 * Reads the list of a tenant's calls, and of a participant's. The latter takes two steps, so that each reads one shard
 * of a cluster: the lists that have the participant, then their calls, if the list is in the visible edition.
 */
import { canonicalId, otherKeysOf } from '../../contract/ids.ts';
import { floorMs } from '../../base/ticks.ts';
import { listedCallOf, type Row } from '../rows.ts';
import type { CallPosition, CallsQuery, ListedCall } from '../call-list.ts';
import type { StatementRunner } from './connection.ts';
import type { Value } from './dialect.ts';
import { idOf, keyOf } from './keys.ts';
import type { StatementName } from './statements.ts';

/** After every tick and every list number. */
const last = 2n ** 63n - 1n;
const first = -last;
/** Lists of a participant to read per call of a page; a list of an edition that is not visible uses up one. */
const listsPerCall = 2;
const listsToCount = 2000;

export class CallLists {
  readonly #session: StatementRunner;

  constructor(session: StatementRunner) {
    this.#session = session;
  }

  async page(
    tenantNo: number,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): Promise<readonly ListedCall[]> {
    const { from, before, participantId, at } = query;
    if (participantId === undefined) {
      const { startTicks, call } = after ?? { startTicks: from, call: -1 };
      const values = [startTicks, call, before, ...shownBy(query, asOf), limit];
      const name = at === undefined ? 'calls' : 'callsAt';
      return (await this.#session.all(name, tenantNo, ...values)).map(listedCall);
    }
    const calls: ListedCall[] = [];
    const name = at === undefined ? 'callsOfLists' : 'callsOfListsAt';
    const size = listsPerCall * limit;
    for await (const rows of this.#ofLists(name, tenantNo, query, asOf, after, size, [limit]))
      if (calls.push(...rows.map(listedCall)) >= limit) break;
    return calls.slice(0, limit);
  }

  async count(tenantNo: number, query: CallsQuery, asOf: number): Promise<number> {
    const { from, before, participantId, at } = query;
    if (participantId === undefined) {
      const values = [from, -1, before, ...shownBy(query, asOf)];
      const name = at === undefined ? 'callsCount' : 'callsAtCount';
      return Number((await this.#session.get(name, tenantNo, ...values))![0]); // an aggregate has a row
    }
    let count = 0;
    const name = at === undefined ? 'callsOfListsCount' : 'callsOfListsAtCount';
    const found = this.#ofLists(name, tenantNo, query, asOf, undefined, listsToCount, []);
    for await (const rows of found) count += Number(rows[0]![0]); // an aggregate has a row
    return count;
  }

  /**
   * Yields the results of a statement for the lists that have a participant, in batches.
   *
   * @param more The statement's last values.
   */
  async *#ofLists(
    statement: StatementName,
    tenantNo: number,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    size: number,
    more: readonly Value[],
  ): AsyncGenerator<readonly Row[]> {
    const { from, before, participantId = '', withFound } = query;
    let seek: readonly Value[] = after ? [after.startTicks, after.call, last] : [from, -1, first];
    // Under the canonical id, and under the ids that earlier releases wrote, which are rare.
    let ids = new Set([canonicalId(participantId), participantId, ...otherKeysOf(participantId)]);
    for (;;) {
      const place = [...seek, before, size] as const;
      const found = await Promise.all(
        [...ids].map(async (id) => ({
          id,
          rows: await this.#session.all('listsOfParticipant', tenantNo, keyOf(id), ...place),
        })),
      );
      ids = new Set(found.filter(({ rows }) => rows.length > 0).map(({ id }) => id));
      const lists = mergeLists(
        found.map(({ rows }) => rows),
        size,
      );
      if (lists.length === 0) return;
      const columns = [0, 1, 2].map((column) => lists.map((row) => row[column] as bigint));
      yield await this.#session.all(
        statement,
        tenantNo,
        ...columns,
        withFound,
        ...shownBy(query, asOf),
        ...more,
      );
      if (lists.length < size) return;
      seek = lists.at(-1)!;
    }
  }
}

/**
 * Merges rows.
 *
 * @param of Lists that have a participant, in order.
 * @returns Each once, in order.
 */
function mergeLists(of: readonly (readonly Row[])[], limit: number): readonly Row[] {
  const some = of.filter((rows) => rows.length > 0);
  if (some.length <= 1) return some[0] ?? [];
  const lists = [...new Map(some.flat().map((row) => [row.join(), row])).values()];
  return lists.sort(inOrder).slice(0, limit);
}

function inOrder(a: Row, b: Row): number {
  for (const [i, value] of a.entries()) {
    const other = b[i]!; // both are rows of one statement
    if (value !== other) return value! < other ? -1 : 1;
  }
  return 0;
}

function listedCall(row: Row): ListedCall {
  const callId = idOf(row[2] as Buffer, row[3] as Buffer | null);
  return listedCallOf(row, callId, 4);
}

/** Returns the values of the condition that an edition is the visible one. */
function shownBy({ endedBy = last, at }: CallsQuery, asOf: number): readonly Value[] {
  return at === undefined ? [asOf, endedBy] : [asOf, endedBy, floorMs(at), at];
}
