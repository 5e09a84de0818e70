/**
 * Infers the participants of calls that an earlier release stored without a list of them, for both engines. Each step
 * resumes after the last call that was checked.
 */
import {
  editionsWithoutRoll,
  inferredBytesAtOnce,
  inferredEdition,
  type InferenceStore,
} from './inference.ts';
import { knownEditionOf, type Row } from './rows.ts';
import { readShared } from './shared-edition.ts';
import { all, type CallWriter, type Database, type EngineColumns, one, type Steps } from './steps.ts';
import { CallDamaged } from './store-errors.ts';

export function createInference(database: Database): InferenceStore {
  return {
    isPending: () =>
      database.read(function* () {
        return (yield* one('firstInference')) !== undefined;
      }),

    async catchUp(limit) {
      const first = await database.read(() => one('firstInference'));
      if (first === undefined) return 0;
      const [tenantNo, tenantId] = [Number(first[0]), first[1] as string];
      return database.writeCalls(tenantNo, function* (writer) {
        const [after = null] = (yield* one('inferringAfter', tenantNo)) ?? [];
        // Another process has finished this tenant; another tenant may be next.
        if (after === null) return 1;
        const keys = (yield* all('callIds', tenantNo, after, limit)).map(([key]) => key!);
        const last = keys.at(-1);
        const turn = { tenantId, tenantNo, writer, columns: database.columns };
        const unlisted = last === undefined ? [] : yield* all('unlistedCalls', tenantNo, after, last);
        const cutAt = yield* inferSome(turn, unlisted);
        yield* all('moveInference', tenantNo, cutAt ?? (keys.length < limit ? null : last!)); // there are `limit` calls
        // Another tenant may follow the last call of this one.
        return Math.max(1, keys.length);
      });
    },
  };
}

/** The state of one step for a tenant. */
interface Turn {
  readonly tenantId: string;
  readonly tenantNo: number;
  readonly writer: CallWriter;
  readonly columns: EngineColumns;
}

/**
 * Infers for some calls.
 *
 * @returns The key of the last call that was processed, when the step ends before all of them.
 */
function* inferSome(turn: Turn, calls: readonly Row[]): Steps<Row[number] | undefined> {
  let bytes = 0;
  let reached: Row[number] | undefined;
  for (const row of calls) {
    if (bytes > inferredBytesAtOnce) return reached;
    reached = row[0];
    try {
      bytes += yield* inferCall(turn, turn.columns.callOf(row));
    } catch (error) {
      // The damaged call stays as it is, and verify reports it.
      if (!(error instanceof CallDamaged)) throw error;
    }
  }
  return undefined;
}

/**
 * Adds the editions of one call.
 *
 * @returns Bytes that were read
 */
function* inferCall({ tenantId, tenantNo, writer, columns }: Turn, callId: string): Steps<number> {
  const known = (yield* all('knownEditions', tenantNo, { keys: [callId] })).map(knownEditionOf);
  let bytes = 0;
  for (const next of editionsWithoutRoll(known)) {
    const shared = (yield* readShared(columns, { tenantId, tenantNo }, callId, next))!; // every part is stored
    for (const { body } of [...shared.sessions, ...shared.segments]) bytes += body.length;
    const edition = writer.lastEdition + 1;
    const decided = inferredEdition({ tenantId, edition, callId, known, next, shared });
    if (decided !== undefined) writer.add(decided);
  }
  return bytes;
}
