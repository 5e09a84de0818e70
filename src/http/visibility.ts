/** What Graph would not show: records it has forgotten, and those it has not made yet. */
import { Fault } from '../faults.ts';
import type { Edition } from '../store/store.ts';
import { ticksOf } from '../text/ticks.ts';
import { callRecordMissing } from './refusals.ts';

export interface Visibility {
  /** Days after its start that a record is there; for ever when absent. */
  readonly retentionDays: number | undefined;
  /** Minutes after its end that a record appears. */
  readonly lateMinutes: number;
  readonly clock: () => Date;
}

const ticksPerMinute = 600_000_000n;
const ticksPerDay = 1440n * ticksPerMinute;

/** First tick of the calls that are remembered; the beginning of time when all are. */
export function rememberedFrom({ retentionDays, clock }: Visibility): bigint {
  return retentionDays === undefined ? -(2n ** 62n) : ticksOf(clock()) - BigInt(retentionDays) * ticksPerDay;
}

/** Last tick of the calls whose records are there; `undefined` when all are. */
export function appearedBy({ lateMinutes, clock }: Visibility): bigint | undefined {
  return lateMinutes === 0 ? undefined : ticksOf(clock()) - BigInt(lateMinutes) * ticksPerMinute;
}

/** True when the passing of time alone changes what is there. */
export function changesWithTime({ retentionDays, lateMinutes }: Visibility): boolean {
  return retentionDays !== undefined || lateMinutes > 0;
}

/** @throws Fault `recordMissing` in Graph's words (issue #14031 of microsoftgraph/microsoft-graph-docs) */
export function refuseInvisible({ startTicks, endTicks }: Edition, visibility: Visibility): void {
  if (startTicks !== undefined && startTicks < rememberedFrom(visibility)) {
    throw new Fault(
      'recordMissing',
      'Could not find the requested call record. Records about calls or online meetings that started more than 30 days ago are not available.',
    );
  }
  const appeared = appearedBy(visibility);
  if (appeared !== undefined && endTicks !== undefined && endTicks > appeared) throw callRecordMissing();
}
