/**
 * Runs periodic tasks of a process: a store error delays a task and never ends it. Each task has a row in
 * docs/operating.md.
 */
import type { Clock } from './clock.ts';

/** Task names in metrics and in the log. */
export const backgroundTasks = [
  'search-index',
  'stored-blocks',
  'inferred-participants',
  'notifications',
  'settlements',
  'retention',
  'lease',
  'sync',
  'authority',
] as const;
export type BackgroundTask = (typeof backgroundTasks)[number];

const failures = new Map<BackgroundTask, number>(backgroundTasks.map((task) => [task, 0]));

export function backgroundFailures(): ReadonlyMap<BackgroundTask, number> {
  return failures;
}

export function countFailure(task: BackgroundTask): void {
  failures.set(task, (failures.get(task) ?? 0) + 1);
}

interface Repetition {
  readonly task: BackgroundTask;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Ends the task after the current run. */
  readonly signal: AbortSignal;
  /** Does one run. @returns Milliseconds until the next run; `undefined` when nothing is left to do. */
  readonly work: () => Promise<number | undefined>;
  /** The wait after the first failure, in milliseconds; it doubles with each further failure. */
  readonly firstMs?: number;
  readonly longestMs?: number;
  /** Called before each run; its signal ends the wait for the next run. */
  readonly woken?: () => AbortSignal;
  /** Called with the first failure of an outage; further failures are only counted. */
  readonly onError: (error: unknown) => void;
}

/** Runs a task repeatedly. Resolves when nothing is left to do, or the signal ended it. Never rejects. */
export async function runRepeatedly(repetition: Repetition): Promise<void> {
  const { task, clock, signal, work, woken, onError } = repetition;
  const { firstMs = 1000, longestMs = 60_000 } = repetition;
  const hasEnded = () => signal.aborted;
  let failed = 0;
  while (!hasEnded()) {
    const early = woken?.();
    let waitMs: number | undefined;
    try {
      waitMs = await work();
      failed = 0;
    } catch (error) {
      if (hasEnded()) return;
      countFailure(task);
      if (failed === 0) onError(error);
      waitMs = Math.min(firstMs * 2 ** failed++, longestMs);
    }
    if (waitMs === undefined) return;
    // Lets other callbacks of this process run.
    if (waitMs === 0) await new Promise((resolve) => setImmediate(resolve));
    else await clock.sleep(waitMs, early === undefined ? signal : AbortSignal.any([early, signal]));
  }
}
