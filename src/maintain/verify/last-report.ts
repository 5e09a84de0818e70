/** Stores the report of a tenant's last verification, with the numbers that separate verified data from later data. */
import type { CallRecordStore } from '../../store/store.ts';
import { formatMs } from '../../base/ticks.ts';
import { mostGaps, type VerifiedReport } from './report.ts';
import { type Checked, checkedOf } from './standing.ts';

interface LastReport {
  readonly endedMs: number;
  readonly report: VerifiedReport;
  /** Absent when an earlier release verified, which stored no numbers. */
  readonly checked: Checked | undefined;
}

/** Returns the last report. @returns `undefined` when there is none or it is damaged: the next one replaces it. */
export async function lastReport(
  { evidence }: Pick<CallRecordStore, 'evidence'>,
  tenantId: string,
): Promise<LastReport | undefined> {
  const last = await evidence.lastVerification(tenantId);
  if (last === undefined) return undefined;
  try {
    const report = JSON.parse(last.report) as VerifiedReport; // as the verification wrote it
    const { endedMs } = last;
    return { endedMs, report, checked: checkedOf(report.basis) };
  } catch {
    return undefined;
  }
}

/** Returns the report with the number of gaps to store, and no other lists. */
export function withFewGaps(report: VerifiedReport): VerifiedReport {
  const gaps = report.gaps.slice(0, mostGaps);
  const named = { ...report.named, oddCalls: [], pieces: [] };
  return { ...report, gaps, gapsCut: report.gapCount > gaps.length, named };
}

/** Members that a stored report does not show: its state at that time, and internal numbers. */
const notShown: ReadonlySet<string> = new Set([
  'named',
  'basis',
  'state',
  'reason',
  'sinceDateTime',
  'calls',
  'hours',
]);

export function shownVerification(last: LastReport | undefined): object | null {
  if (last === undefined) return null;
  const shown = Object.entries(last.report).filter(([name]) => !notShown.has(name));
  return { endedDateTime: formatMs(last.endedMs), ...Object.fromEntries<unknown>(shown) };
}
