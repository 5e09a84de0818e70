/** Converts rows of a SQL store to the types of the store, and back. The columns have the order of its statements. */
import { crc32 } from 'node:zlib';
import type { Block } from '../wire/text/block.ts';
import { isIntact } from '../wire/text/block-text.ts';
import { isSealWhole } from '../wire/text/seal.ts';
import { parseOddities } from '../contract/oddities.ts';
import type { KnownEdition } from './next-edition.ts';
import { lackingOfBits } from './incompleteness.ts';
import { CallDamaged, damageText, StoreDamaged } from './store-errors.ts';
import type { Edition, StoredList } from './edition.ts';
import type { ListedCall } from './call-list.ts';

export type SQLOutput = null | number | bigint | string | Uint8Array;
export type Row = readonly SQLOutput[];

/** Number of an edition's columns; the index of the column after them. */
export const editionWidth = 20;
/** Index of the last column, which editions of earlier releases lack: the checksum covers it where it is not null. */
const oddAt = editionWidth - 1;

const digestAt = 2;
const digestLength = 16;

/**
 * Returns the digest of an edition as its column holds it: followed by a checksum of the tenant, the call and the
 * columns that `editionOf` reads, which the digest itself does not cover.
 *
 * @param columns In the order of `editionOf`.
 */
export function checkedDigest(tenantId: string, callId: string, columns: Row): string {
  const digest = String(columns[digestAt]).slice(0, digestLength);
  const facts = [
    tenantId,
    callId,
    digest,
    ...columns.slice(0, digestAt),
    ...columns.slice(digestAt + 1, oddAt),
    ...((columns[oddAt] ?? null) === null ? [] : [columns[oddAt]]),
  ];
  return `${digest}${crc32(facts.join('|')).toString(36).padStart(7, '0')}`;
}

/**
 * Returns the edition in a row.
 *
 * @throws CallDamaged
 */
export function editionOf(tenantId: string, callId: string, row: Row): Edition {
  const digest = row[digestAt] as string;
  // Releases before the checksum stored the digest alone.
  if (digest.length > digestLength && digest !== checkedDigest(tenantId, callId, row))
    throw new CallDamaged(callId);
  return {
    tenantId,
    callId,
    edition: Number(row[0]),
    version: row[1] as bigint,
    digest: digest.slice(0, digestLength),
    call: Number(row[3]),
    startTicks: (row[4] as bigint | null) ?? undefined,
    endTicks: (row[5] as bigint | null) ?? undefined,
    participants: storedList(row, 6),
    sessions: storedList(row, 10),
    found: foundList(row, 14),
    modifiedTicks: (row[16] as bigint | null) ?? undefined,
    receivedMs: numberOrNone(row[17]),
    lacking: lackingOfBits(Number(row[18])),
    odd: parseOddities((row[oddAt] as string | null) ?? null),
  };
}

function storedList(row: Row, at: number): StoredList | undefined {
  const list = row[at] ?? null;
  if (list === null) return undefined;
  return {
    list: Number(list),
    count: Number(row[at + 1]),
    complete: Number(row[at + 2]) === 1,
    pages: numberOrNone(row[at + 3]),
  };
}

function foundList(row: Row, at: number): StoredList | undefined {
  const list = row[at] ?? null;
  return list === null
    ? undefined
    : { list: Number(list), count: Number(row[at + 1]), complete: true, pages: undefined };
}

function numberOrNone(value: SQLOutput | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

export function knownEditionOf(row: Row): KnownEdition {
  return {
    edition: Number(row[0]),
    version: row[1] as bigint,
    headDigest: row[2] as string,
    participantsDigest: (row[3] as string | null) ?? undefined,
    sessionsDigest: (row[4] as string | null) ?? undefined,
    startTicks: (row[5] as bigint | null) ?? undefined,
    participants: Number(row[6]),
    found: Number(row[7]),
    isLacking: Number(row[8]) !== 0,
    participantsList: numberOrNone(row[9]),
    isOdd: Number(row[10]) !== 0,
  };
}

/**
 * Returns the block in a row, and verifies its seal, or its checksum when it was stored before seals existed.
 *
 * @param callId The call it belongs to, where the caller knows.
 * @throws CallDamaged
 */
export function blockOf(row: Row, at = 0, callId?: string): Block {
  const flags = Number(row[at + 3]);
  const block: Block = {
    count: Number(row[at]),
    textLength: Number(row[at + 1]),
    crc: Number(row[at + 2]),
    packed: (flags & 1) !== 0,
    masked: (flags & 2) !== 0,
    sealed: (flags & 4) !== 0,
    body: row[at + 4] as Uint8Array,
    layout: row[at + 5] as Uint8Array,
  };
  if (block.sealed ? isSealWhole(block) : isIntact(block)) return block;
  throw new CallDamaged(callId);
}

/**
 * Returns an item of a list of calls; its row starts with start and number.
 *
 * @param at Index of the head's columns. The head is read only on demand, so that a call with a damaged head is still
 *   listed.
 */
export function listedCallOf(row: Row, callId: string, at: number): ListedCall {
  return {
    startTicks: row[0] as bigint,
    call: Number(row[1]),
    callId,
    get head() {
      return blockOf(row, at, callId);
    },
  };
}

/** Returns the checksum of a log row: of its text, its log and its time. */
export function logRowCheck(kind: string, ticks: bigint, text: Uint8Array): number {
  return crc32(text, crc32(`${kind} ${ticks}`));
}

/**
 * Returns true when a log row matches its checksum.
 *
 * @param row Kind, ticks, text and checksum; releases before the checksum stored none.
 */
export function isLogRowWhole([kind, ticks, text, crc = null]: Row): boolean {
  return crc === null || logRowCheck(kind as string, ticks as bigint, text as Uint8Array) === Number(crc);
}

/**
 * Returns the text of a log row.
 *
 * @throws StoreDamaged
 */
export function logTextOf(row: Row): Uint8Array {
  if (!isLogRowWhole(row)) throw new StoreDamaged(damageText('A row of a log'));
  return row[2] as Uint8Array;
}

/** Bit 0: packed; bit 1: masked; bit 2: sealed. */
export function flagsOf({ packed, masked, sealed }: Block): number {
  return (packed ? 1 : 0) | (masked ? 2 : 0) | (sealed ? 4 : 0);
}
