/** What the last verification of a tenant found: kept with the numbers that tell what it read from what came later. */
import type { CallRecordStore } from '../../store/store.ts';
import { formatMs } from '../../base/ticks.ts';
import { mostGaps, type VerifiedReport } from './report.ts';
import { type Checked, checkedOf } from './standing.ts';

interface LastReport {
  readonly endedMs: number;
  readonly report: VerifiedReport;
  /** Absent where an earlier release verified: it noted no numbers. */
  readonly checked: Checked | undefined;
}

/** @returns `undefined` where no verification is kept, or what is kept is damaged: the next one is kept in its place. */
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

/** With as many gaps as are kept, and nothing else by name. */
export function withFewGaps(report: VerifiedReport): VerifiedReport {
  const gaps = report.gaps.slice(0, mostGaps);
  const named = { ...report.named, oddCalls: [], pieces: [] };
  return { ...report, gaps, gapsCut: report.gapCount > gaps.length, named };
}

/** What is not shown of a kept report: its state, which is that of then, and the numbers of the store. */
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
