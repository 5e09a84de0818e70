/** Reads the calls of a person or a number in a span, newest first, within bounds. */
import { setImmediate } from 'node:timers/promises';
import { formatTicks } from '../base/ticks.ts';
import type { CallPosition } from '../store/call-list.ts';
import { StoreDamaged } from '../store/store-errors.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { CallAttendance } from './activity.ts';
import type { ActivitySubject } from './activity-subject.ts';
import { readAttendance } from './read-attendance.ts';

/** Limits the work of one request. */
export interface ActivityLimits {
  /** Calls that are found, whether or not the subject is in them. */
  readonly found: number;
  readonly calls: number;
  /** Bytes of stored text, unpacked. */
  readonly bytes: number;
}

export const usualActivityLimits: ActivityLimits = { found: 5000, calls: 1000, bytes: 256 * 2 ** 20 };

interface ActivitySpan {
  readonly from: bigint;
  readonly before: bigint;
}

interface ReadCalls {
  /** Position after the last call that was read, where older ones were not. */
  readonly next: CallPosition | undefined;
  /** Calls whose stored data is damaged, which are left out. */
  readonly damaged: number;
  /** Start of the oldest call that was read; absent when all were. */
  readonly readFromDateTime: string | undefined;
}

const callsPerSearch = 100;
const readAtOnce = 8;
/** Other requests run each time so many bytes were read. */
const bytesAtOnce = 2 ** 20;

/** Reads calls. @param use Called with each call of the subject; false ends the walk after it */
export async function readActivity(
  store: CallRecordStore,
  tenantId: string,
  subject: ActivitySubject,
  span: ActivitySpan & { readonly after: CallPosition | undefined },
  use: (part: CallAttendance) => boolean,
  limits: ActivityLimits = usualActivityLimits,
): Promise<ReadCalls> {
  let { after } = span;
  let [searches, found, used, bytes, sinceYield, damaged] = [0, 0, 0, 0, 0, 0];
  const pace = {
    passed: async (length: number) => {
      bytes += length;
      sinceYield += length;
      if (sinceYield < bytesAtOnce) return;
      sinceYield = 0;
      await setImmediate();
    },
  };
  const search = { ...subject.search, from: span.from, before: span.before };
  let oldest: bigint | undefined;
  const cut = () => ({
    next: after,
    damaged,
    readFromDateTime: formatTicks(oldest ?? after?.startTicks ?? span.before),
  });
  for (;;) {
    const page = await store.search.find(tenantId, search, after, callsPerSearch);
    searches++;
    for (let at = 0; at < page.calls.length; at += readAtOnce) {
      const some = page.calls.slice(at, at + readAtOnce);
      const parts = await Promise.all(
        some.map((call) => unlessCallDamaged(readAttendance(store, tenantId, call, subject, pace))),
      );
      for (const [i, part] of parts.entries()) {
        const { startTicks, call } = some[i]!; // as many calls as parts
        after = { startTicks, call };
        oldest = startTicks;
        found++;
        if (part === 'damaged') damaged++;
        else if (part !== undefined) used++;
        const goesOn = part === undefined || part === 'damaged' || use(part);
        const isBound = used >= limits.calls || found >= limits.found || bytes >= limits.bytes;
        const isLast = at + i + 1 === page.calls.length && page.next === undefined;
        if ((isBound || !goesOn) && !isLast) return cut();
      }
      await setImmediate(); // lets other requests run
    }
    if (page.next === undefined) return { next: undefined, damaged, readFromDateTime: undefined };
    after = page.next;
    if (searches * callsPerSearch >= limits.found) return cut();
  }
}

async function unlessCallDamaged(
  work: Promise<CallAttendance | undefined>,
): Promise<CallAttendance | 'damaged' | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreDamaged) return 'damaged';
    throw error;
  }
}
