/** Rows of a SQL store to the model's words, and back: the order of the columns is that of its statements. */
import type { Block } from '../text/block.ts';
import type { KnownEdition } from './next-edition.ts';
import { lackingOfBits } from './lacking.ts';
import type { Edition, StoredList } from './store.ts';

export type SQLOutput = null | number | bigint | string | Uint8Array;
export type Row = readonly SQLOutput[];

/** Place of the columns after an edition's own. */
export const editionWidth = 19;

export function editionOf(tenantId: string, callId: string, row: Row): Edition {
  return {
    tenantId,
    callId,
    edition: Number(row[0]),
    version: row[1] as bigint,
    digest: row[2] as string,
    call: Number(row[3]),
    startTicks: (row[4] as bigint | null) ?? undefined,
    endTicks: (row[5] as bigint | null) ?? undefined,
    participants: storedList(row, 6),
    sessions: storedList(row, 10),
    found: foundList(row, 14),
    modifiedTicks: (row[16] as bigint | null) ?? undefined,
    receivedMs: numberOrNone(row[17]),
    lacking: lackingOfBits(Number(row[18])),
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
  };
}

export function blockOf(row: Row, at = 0): Block {
  const flags = Number(row[at + 3]);
  return {
    count: Number(row[at]),
    textLength: Number(row[at + 1]),
    crc: Number(row[at + 2]),
    packed: (flags & 1) !== 0,
    masked: (flags & 2) !== 0,
    body: row[at + 4] as Uint8Array,
    layout: row[at + 5] as Uint8Array,
  };
}

/** Bit 0: packed; bit 1: masked. */
export function flagsOf(block: Block): number {
  return (block.packed ? 1 : 0) | (block.masked ? 2 : 0);
}
