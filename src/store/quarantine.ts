/**
 * The quarantine: received text that could not be stored in its place, kept as text
 * (docs/decisions/0035-odd-values-and-quarantine.md). A piece that is received again is not stored again: its id is the
 * digest of its text, its unit and its call.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { canonicalId } from '../contract/ids.ts';
import { fieldsOf, type FieldsRow } from './table-sql.ts';
import type { RowOf } from './tables.ts';
import type { Awaitable } from '../base/awaitable.ts';
import type { ReceivedCall } from './received-call.ts';
import { setAsideUnits, type SetAsideUnit, type SetAsidePiece, type SetAside } from './set-aside.ts';

/** A quarantined piece without its text. */
export interface QuarantinedPiece extends Omit<SetAside, 'text'> {
  /** Hexadecimal; users name a piece by the first digits. */
  readonly id: string;
  readonly atMs: number;
  readonly bytes: number;
}

/** Counts of a tenant's pieces by unit. */
type QuarantineCounts = Readonly<Record<SetAsideUnit, number>>;

export interface QuarantineStore {
  /**
   * Stores pieces; one that is stored already is not changed.
   *
   * @returns How many were not stored before.
   */
  add(tenantId: string, pieces: readonly SetAside[]): Awaitable<number>;
  /** Returns pieces in the order in which they were stored, after one. */
  list(
    tenantId: string,
    after: QuarantinePosition | undefined,
    limit: number,
  ): Awaitable<readonly QuarantinedPiece[]>;
  /** Returns the pieces of these calls, in the order in which they were stored. */
  ofCalls(tenantId: string, callIds: readonly string[]): Awaitable<readonly QuarantinedPiece[]>;
  /** Returns at most two of the pieces whose id starts with this text. Two mean that the text is too short. */
  get(tenantId: string, idBeginning: string): Awaitable<readonly (QuarantinedPiece & SetAside)[]>;
  /**
   * Deletes a piece.
   *
   * @returns False when no piece has this whole id.
   */
  drop(tenantId: string, id: string): Awaitable<boolean>;
  count(tenantId: string): Awaitable<QuarantineCounts>;
  /** Counts the pieces that do not match their digest or checksum. */
  damaged(tenantId: string): Awaitable<number>;
}

export type QuarantinePosition = Pick<QuarantinedPiece, 'atMs' | 'id'>;

/** Returns the pieces that were set aside from a received call. */
export function setAsideOf({
  callId,
  origin,
  setAside,
}: Pick<ReceivedCall, 'callId' | 'origin' | 'setAside'>): readonly SetAside[] {
  return setAside.map((piece) => ({ ...piece, origin, callId }));
}

/** Returns the id of a piece; equal pieces of two tenants have different digests. */
export function quarantineId({ unit, callId, text }: Pick<SetAside, 'unit' | 'callId' | 'text'>): string {
  return createHash('sha256')
    .update(`${unit}\n${callId === undefined ? '' : JSON.stringify(callId)}\n`)
    .update(text)
    .digest('hex');
}

const columns = {
  id: 'q.digest',
  atMs: 'q.at_ms',
  origin: 'q.origin',
  unit: 'q.unit',
  callId: 'q.call_id',
  reason: 'q.reason',
} as const;
export const listedFields = fieldsOf({ q: 'quarantine' }, columns, { bytes: 'length(q.text)' });
export const quarantineFields = fieldsOf({ q: 'quarantine' }, { ...columns, text: 'q.text', crc: 'q.crc' });

type QuarantineRow = FieldsRow<typeof quarantineFields>;

export function quarantineRow(tenantNo: number, atMs: number, piece: SetAside): RowOf<'quarantine'> {
  const { unit, callId: received, origin, reason, text } = piece;
  const callId = received === undefined ? undefined : canonicalId(received);
  const id = quarantineId({ unit, callId, text });
  return {
    ...{ tenant_no: tenantNo, digest: id, at_ms: atMs, origin, unit, call_id: callId, reason, text },
    crc: crcOf({ id, atMs, origin, reason }),
  };
}

export function listedPiece({ unit, ...piece }: FieldsRow<typeof listedFields>): QuarantinedPiece {
  return { ...piece, unit: unit as SetAsideUnit }; // `quarantineRow` wrote it
}

export function pieceOf({ text, ...row }: QuarantineRow): QuarantinedPiece & SetAside {
  const { id, atMs, origin, unit, callId, reason } = row;
  return { ...listedPiece({ id, atMs, origin, unit, callId, reason, bytes: text.length }), text };
}

export function isPieceWhole(row: QuarantineRow): boolean {
  return quarantineId(pieceOf(row)) === row.id && crcOf(row) === row.crc;
}

/** Returns a checksum of the columns that the id does not cover. */
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
  return counts as Record<SetAsideUnit, number>; // has every unit
}

/** Returns how many pieces there are of all units. */
export function quarantineTotal(counts: QuarantineCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Returns true for a piece that is larger than an entry of a stored call: its loss leaves the data incomplete. */
export function isLarger({ unit }: Pick<SetAsidePiece, 'unit'>): boolean {
  return unit !== 'entry';
}

/** Returns how many larger pieces there are. */
export function largerTotal(counts: QuarantineCounts): number {
  return quarantineTotal(counts) - counts.entry;
}

/** Returns the first digits of an id, by which users name a piece. */
export function shownId(id: string): string {
  return id.slice(0, 12);
}
