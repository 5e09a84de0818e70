/**
 * What could not be stored where it stood, kept as text (docs/decisions/0035-odd-values-and-quarantine.md). A piece has one
 * place however often it comes: its id is the digest of what it is of and of its text.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { canonicalId } from '../contract/ids.ts';
import { fieldsOf, type FieldsRow } from './table-sql.ts';
import type { Awaitable } from '../base/awaitable.ts';
import type { ReceivedCall } from './received-call.ts';
import { setAsideUnits, type SetAsideUnit, type SetAsidePiece, type SetAside } from './set-aside.ts';

/** A piece as it is listed: without its text. */
export interface QuarantinedPiece extends Omit<SetAside, 'text'> {
  /** Hexadecimal; the beginning of it names the piece to users. */
  readonly id: string;
  readonly atMs: number;
  readonly bytes: number;
}

/** Pieces of a tenant by their unit. */
export type QuarantineCounts = Readonly<Record<SetAsideUnit, number>>;

export interface QuarantineStore {
  /** Sets pieces aside. One that is there already stays as it is. @returns How many were not there. */
  add(tenantId: string, pieces: readonly SetAside[]): Awaitable<number>;
  /** Pieces in the order in which they were set aside, after one. */
  list(
    tenantId: string,
    after: QuarantinePosition | undefined,
    limit: number,
  ): Awaitable<readonly QuarantinedPiece[]>;
  /** Pieces of these calls, as they were set aside. */
  ofCalls(tenantId: string, callIds: readonly string[]): Awaitable<readonly QuarantinedPiece[]>;
  /** At most two of the pieces whose id begins so, with their text: two mean that the beginning is too short. */
  get(tenantId: string, idBeginning: string): Awaitable<readonly (QuarantinedPiece & SetAside)[]>;
  /** @returns False when there is none with this whole id. */
  drop(tenantId: string, id: string): Awaitable<boolean>;
  count(tenantId: string): Awaitable<QuarantineCounts>;
  /** How many pieces are not what was set aside. */
  damaged(tenantId: string): Awaitable<number>;
}

export type QuarantinePosition = Pick<QuarantinedPiece, 'atMs' | 'id'>;

/** What a received call has of pieces. */
export function setAsideOf({
  callId,
  origin,
  setAside,
}: Pick<ReceivedCall, 'callId' | 'origin' | 'setAside'>): readonly SetAside[] {
  return setAside.map((piece) => ({ ...piece, origin, callId }));
}

/** Each piece has a separate digest in each tenant. */
export function quarantineId({ unit, callId, text }: Pick<SetAside, 'unit' | 'callId' | 'text'>): string {
  return createHash('sha256')
    .update(`${unit}\n${callId === undefined ? '' : JSON.stringify(callId)}\n`)
    .update(text)
    .digest('hex');
}

const listed = { id: 'q.digest', atMs: 'q.at_ms', origin: 'q.origin', unit: 'q.unit' } as const;
const more = { callId: 'q.call_id', reason: 'q.reason' } as const;
/** The columns of a piece as it is listed, and all of them, as both engines read them. */
export const listedFields = fieldsOf({ q: 'quarantine' }, { ...listed, ...more });
export const quarantineFields = fieldsOf(
  { q: 'quarantine' },
  { ...listed, ...more, text: 'q.text', crc: 'q.crc' },
);

type QuarantineRow = FieldsRow<typeof quarantineFields>;

/** What a row has of a piece, in the order in which both engines add it. */
export function quarantineColumns(atMs: number, { unit, callId: received, origin, reason, text }: SetAside) {
  const callId = received === undefined ? undefined : canonicalId(received);
  const id = quarantineId({ unit, callId, text });
  return { id, atMs, origin, unit, callId, reason, text, crc: crcOf({ id, atMs, origin, reason }) };
}

/** @param bytes How long its text is. The unit is one of those above, or the row is damaged. */
export function listedPiece(row: FieldsRow<typeof listedFields>, bytes: number): QuarantinedPiece {
  const { id, atMs, origin, unit, callId, reason } = row;
  return { id, atMs, origin, unit: unit as SetAsideUnit, callId, reason, bytes };
}

export function pieceOf(row: QuarantineRow): QuarantinedPiece & SetAside {
  return { ...listedPiece(row, row.text.length), text: row.text };
}

export function isPieceWhole(row: QuarantineRow): boolean {
  return quarantineId(pieceOf(row)) === row.id && crcOf(row) === row.crc;
}

/** The id is of the unit, the call and the text; this is of the rest. */
function crcOf({
  id,
  atMs,
  origin,
  reason,
}: Pick<QuarantineRow, 'id' | 'atMs' | 'origin' | 'reason'>): number {
  return crc32(JSON.stringify([id, atMs, origin, reason]));
}

export function quarantineCounts(byUnit: Iterable<readonly [unit: string, count: number]>): QuarantineCounts {
  const counts = Object.fromEntries(setAsideUnits.map((unit) => [unit, 0]));
  for (const [unit, count] of byUnit) if (unit in counts) counts[unit] = count;
  return counts as Record<SetAsideUnit, number>; // made of every unit
}

/** How many pieces there are of all units. */
export function quarantineTotal(counts: QuarantineCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** True of a piece whose loss is more than an entry of a call that is stored: something is missing. */
export function isLarger({ unit }: Pick<SetAsidePiece, 'unit'>): boolean {
  return unit !== 'entry';
}

/** How many such pieces there are. */
export function largerTotal(counts: QuarantineCounts): number {
  return quarantineTotal(counts) - counts.entry;
}

/** The beginning of an id, by which users name a piece. */
export function shownId(id: string): string {
  return id.slice(0, 12);
}
