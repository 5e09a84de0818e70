/** Rows of a SQL store to the model's words, and back: the order of the columns is that of its statements. */
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

/** Place of the columns after an edition's own. */
export const editionWidth = 20;
/** The last of them, which editions of earlier releases do not have: it is in the checksum where it is not null. */
const oddAt = editionWidth - 1;

const digestAt = 2;
const digestLength = 16;

/**
 * The digest of an edition as its column has it: with a checksum of whose it is and of the columns that `editionOf`
 * reads, which the digest itself is not of.
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

/** @throws CallDamaged */
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
 * A block as a row has it, held against its seal, or against its own checksum where it was stored before there were seals.
 *
 * @param callId Of the call it belongs to, where the caller knows.
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
 * A call of a list, by its start and number, which a row begins with.
 *
 * @param at Place of the head's columns: they are looked at when the head is asked for, so that a call whose head is damaged
 * is listed for those who ask for less.
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

/** The checksum of a row of a log: of its text, and of the log and the time that it is found by. */
export function logRowCheck(kind: string, ticks: bigint, text: Uint8Array): number {
  return crc32(text, crc32(`${kind} ${ticks}`));
}

/** @param row Kind, ticks, text and checksum; releases before the checksum stored none. */
export function isLogRowWhole([kind, ticks, text, crc = null]: Row): boolean {
  return crc === null || logRowCheck(kind as string, ticks as bigint, text as Uint8Array) === Number(crc);
}

/** The text of such a row. @throws StoreDamaged */
export function logTextOf(row: Row): Uint8Array {
  if (!isLogRowWhole(row)) throw new StoreDamaged(damageText('A row of a log'));
  return row[2] as Uint8Array;
}

/** Bit 0: packed; bit 1: masked; bit 2: sealed. */
export function flagsOf({ packed, masked, sealed }: Block): number {
  return (packed ? 1 : 0) | (masked ? 2 : 0) | (sealed ? 4 : 0);
}
