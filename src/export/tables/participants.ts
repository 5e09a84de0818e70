/** Defines the table with one row per participant, received ones first, then inferred ones, with source and times. */
import { canonicalId } from '../../contract/ids.ts';
import { formatTicks, parseTicks } from '../../base/ticks.ts';
import { cellIn, type JsonObject, listIn, objectIn } from '../cell.ts';
import { identityCells, identityColumns, idsOf } from '../identity.ts';
import type { StoredCall } from '../stored-call.ts';
import { callCells, callColumns, type Table, typedColumns } from '../table.ts';

export const participantsTable: Table = {
  columns: [
    ...callColumns,
    { name: 'id', type: 'string' },
    ...identityColumns(''),
    ...typedColumns('string', 'administrativeUnitIds', 'source'),
    ...typedColumns('dateTime', 'joinedDateTime', 'leftDateTime'),
  ],
  parts: ['participants', 'found', 'sessions'],
  async *rows(call) {
    const presence = await presenceOf(call);
    for await (const participant of call.participants())
      yield rowOf(call, participant, 'participants_v2', presence);
    for await (const participant of call.inferred())
      yield rowOf(call, participant, sourceOf(participant), presence);
  },
};

/** Returns the mark of an inferred participant. */
function sourceOf(participant: JsonObject): string {
  return String(participant['@rollcall.source']);
}

/** The first start and the last end of the sessions of a canonical id, in ticks. */
type Presence = ReadonlyMap<string, { readonly from: bigint; readonly to: bigint }>;

async function presenceOf(call: StoredCall): Promise<Presence> {
  const presence = new Map<string, { from: bigint; to: bigint }>();
  for await (const session of call.sessions()) {
    const from = ticksIn(session, 'startDateTime');
    const to = ticksIn(session, 'endDateTime');
    if (from === undefined || to === undefined) continue;
    const ids = [...idsOf(objectIn(session, 'caller')), ...idsOf(objectIn(session, 'callee'))];
    for (const id of ids.map(canonicalId)) {
      const known = presence.get(id);
      presence.set(id, {
        from: known !== undefined && known.from < from ? known.from : from,
        to: known !== undefined && known.to > to ? known.to : to,
      });
    }
  }
  return presence;
}

function ticksIn(session: JsonObject, name: string): bigint | undefined {
  const value = session[name];
  return typeof value === 'string' ? parseTicks(value) : undefined;
}

function rowOf(call: StoredCall, participant: JsonObject, source: string, presence: Presence) {
  const identity = objectIn(participant, 'identity');
  const id = cellIn(participant, 'id', 'string');
  const cells = identityCells(identity, typeof id === 'string' ? id : undefined);
  const [, identityId] = cells;
  const there = presence.get(canonicalId(String(id))) ?? presence.get(canonicalId(String(identityId)));
  const units = listIn(participant, 'administrativeUnitInfos').map((unit) => cellIn(unit, 'id', 'string'));
  return [
    ...callCells(call),
    id,
    ...cells,
    units.filter((unit) => unit !== undefined).join(',') || undefined,
    source,
    there && formatTicks(there.from),
    there && formatTicks(there.to),
  ];
}
