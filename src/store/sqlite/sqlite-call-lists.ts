/** Reads the list of a tenant's calls, and of a participant's, in SQLite. */
import { canonicalId, otherKeysOf } from '../../contract/ids.ts';
import { floorMs } from '../../base/ticks.ts';
import { callsTextOf } from '../calls-text.ts';
import { countPages, mergeCalls } from '../merge-calls.ts';
import { listedCallOf } from '../rows.ts';
import type { CallPosition, CallsQuery, CallsText, ListedCall } from '../call-list.ts';
import type { Connection } from './connection.ts';
import { areItemsWhole } from './list-items.ts';

/** After every real tick. */
const endOfTime = 2n ** 63n - 1n;

export class SqliteCallLists {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  page(
    tenantNo: number,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): readonly ListedCall[] {
    const [one, ...others] = this.#byKeys(tenantNo, query);
    const page = (query: CallsQuery) => this.#page(tenantNo, query, asOf, after, limit);
    return others.length === 0 ? page(one) : mergeCalls([one, ...others].map(page), limit);
  }

  text(
    tenantNo: number,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
    root: string,
  ): CallsText {
    const callByCall = () => callsTextOf(this.page(tenantNo, query, asOf, after, limit + 1), limit, root);
    const [one, ...others] = this.#byKeys(tenantNo, query);
    if (query.at !== undefined || others.length > 0) return callByCall();
    const { name, keys, values } = listing(tenantNo, one, asOf, after);
    const row = this.#connection.get(`${name}Text`, root, ...keys, ...values, limit)!; // an aggregate has a row
    const [count, startTicks, numbers, checks, text] = row as [
      bigint,
      bigint | null,
      string | null,
      string | null,
      Uint8Array | null,
    ];
    if (startTicks === null || text === null || numbers === null || checks === null)
      return { text: Buffer.alloc(0), last: undefined };
    // The rows that the items were written from exist and are checked, too.
    if (!areItemsWhole(text, checks, root)) return callByCall();
    const last = { startTicks, call: Number(numbers.slice(numbers.lastIndexOf(',') + 1)) };
    const rest = listing(tenantNo, one, asOf, last);
    const isMore =
      Number(count) === limit && this.#connection.get(`${name}More`, ...keys, ...rest.values) !== undefined;
    return { text, last: isMore ? last : undefined };
  }

  count(tenantNo: number, query: CallsQuery, asOf: number): number {
    const [one, ...others] = this.#byKeys(tenantNo, query);
    if (others.length > 0)
      return countPages((after, limit) => this.page(tenantNo, query, asOf, after, limit));
    const { name, keys, values } = listing(tenantNo, one, asOf, undefined);
    const counting = query.at === undefined ? (`${name}Count` as const) : (`${name}AtCount` as const);
    return this.#connection.get(counting, ...keys, ...values)?.[0] as number; // an aggregate has a row
  }

  #page(
    tenantNo: number,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): readonly ListedCall[] {
    const { name, keys, values } = listing(tenantNo, query, asOf, after);
    const rows = this.#connection.all(query.at === undefined ? name : `${name}At`, ...keys, ...values, limit);
    return rows.map((row) => listedCallOf(row, row[2] as string, 3));
  }

  /** Returns the query for each key of its participant: the canonical id, then the keys that earlier releases wrote. */
  #byKeys(tenantNo: number, query: CallsQuery): readonly [CallsQuery, ...CallsQuery[]] {
    const { participantId } = query;
    if (participantId === undefined) return [query];
    const canonical = canonicalId(participantId);
    const earlier = [participantId, ...otherKeysOf(participantId)].filter(
      (key) => key !== canonical && this.#connection.get('isParticipantKey', tenantNo, key) !== undefined,
    );
    const by = (key: string) => ({ ...query, participantId: key });
    return [by(canonical), ...earlier.map(by)];
  }
}

/** Returns the statements for a list, and the values of their conditions in order. */
function listing(
  tenantNo: number,
  { from, before, participantId, withFound, endedBy, at }: CallsQuery,
  asOf: number,
  after: CallPosition | undefined,
) {
  const seek = after ?? { startTicks: from, call: -1 };
  const ofOne = participantId !== undefined;
  return {
    name: ofOne ? 'callsOfParticipant' : 'calls',
    keys: ofOne ? [Number(withFound), tenantNo, participantId] : [tenantNo],
    values: [
      ...[seek.startTicks, seek.call, before],
      ...(at === undefined ? [asOf, asOf] : [asOf, floorMs(at), asOf, at]),
      endedBy ?? endOfTime,
    ],
  } as const;
}
