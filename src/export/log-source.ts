/** Reads the rows of a log, ordered by time. */
import { z } from 'zod';
import type { CallRecordStore } from '../store/store.ts';
import type { LogQuery } from '../store/log-row.ts';
import { StoreDamaged } from '../store/store-errors.ts';
import { parseTicks } from '../base/ticks.ts';
import type { ExportPage, ExportPages } from './source.ts';

interface LogSourceOptions {
  readonly store: CallRecordStore;
  readonly tenantId: string;
  readonly kind: string;
  /** The property with the time of a row; absent when rows have no time. */
  readonly time: string | undefined;
  readonly from: bigint;
  readonly before: bigint;
}

const rowsPerPage = 1000;
const place = z.object({ from: z.string().transform(BigInt), skip: z.number() });

export function logPages({ store, tenantId, time, ...query }: LogSourceOptions): ExportPages<Uint8Array> {
  /** Reads rows. @returns `undefined` when one of them is damaged */
  const rowsOf = async (asked: LogQuery) => {
    try {
      return await store.logRows(tenantId, asked);
    } catch (error) {
      if (error instanceof StoreDamaged) return undefined;
      throw error;
    }
  };
  return async function* (after): AsyncGenerator<ExportPage<Uint8Array>> {
    // Rows have no number: the position is a time, and the number of rows of that time already read.
    let { from, skip } = after === undefined ? { from: query.from, skip: 0 } : place.parse(JSON.parse(after)); // written below
    let limit = rowsPerPage;
    for (;;) {
      const items = await rowsOf({ ...query, from, skip, limit });
      if (items === undefined) {
        // The page is halved down to the damaged row, whose time is unknown.
        const isFound = limit === 1;
        if (isFound) skip++;
        limit = isFound ? rowsPerPage : Math.ceil(limit / 2);
        if (isFound) yield { items: [], damaged: [undefined], after: placeOf(from, skip) };
        continue;
      }
      if (items.length === 0) return;
      const times = items.map((row) => ticksOf(row, time) ?? from);
      const last = times.at(-1)!;
      skip = times.filter((ticks) => ticks === last).length + (last === from ? skip : 0);
      from = last;
      yield { items, after: placeOf(from, skip) };
    }
  };
}

function placeOf(from: bigint, skip: number): string {
  return JSON.stringify({ from: String(from), skip });
}

function ticksOf(row: Uint8Array, time: string | undefined): bigint | undefined {
  if (time === undefined) return undefined;
  const value = (JSON.parse(Buffer.from(row).toString()) as Record<string, unknown>)[time]; // walked when it was stored
  return typeof value === 'string' ? parseTicks(value) : undefined;
}
