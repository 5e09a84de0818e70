/** Rows of a log in the order of their time. */
import { z } from 'zod';
import type { CallRecordStore } from '../store/store.ts';
import { parseTicks } from '../text/ticks.ts';
import type { ExportPage, ExportSource } from './source.ts';

export interface LogSourceOptions {
  readonly store: CallRecordStore;
  readonly tenantId: string;
  readonly kind: string;
  /** The property that says when a row was; absent where rows have no time. */
  readonly time: string | undefined;
  readonly from: bigint;
  readonly before: bigint;
}

const rowsPerPage = 1000;
const place = z.object({ from: z.string().transform(BigInt), skip: z.number() });

export function logSource({ store, tenantId, time, ...query }: LogSourceOptions): ExportSource<Uint8Array> {
  return {
    async *pages(after): AsyncGenerator<ExportPage<Uint8Array>> {
      // Rows have no number: the place is a time, and how many rows of that time were given.
      let { from, skip } =
        after === undefined ? { from: query.from, skip: 0 } : place.parse(JSON.parse(after)); // written below
      for (;;) {
        const items = await store.logRows(tenantId, { ...query, from, skip, limit: rowsPerPage });
        if (items.length === 0) return;
        const times = items.map((row) => ticksOf(row, time) ?? from);
        const last = times.at(-1)!;
        skip = times.filter((ticks) => ticks === last).length + (last === from ? skip : 0);
        from = last;
        yield { items, after: JSON.stringify({ from: String(from), skip }) };
      }
    },
  };
}

function ticksOf(row: Uint8Array, time: string | undefined): bigint | undefined {
  if (time === undefined) return undefined;
  const value = (JSON.parse(Buffer.from(row).toString()) as Record<string, unknown>)[time]; // walked when it was stored
  return typeof value === 'string' ? parseTicks(value) : undefined;
}
