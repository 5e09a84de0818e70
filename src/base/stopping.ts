/**
 * Sets the time limits of stopping, so that a process stops within 20 seconds regardless of its clients, its workers and its
 * store (docs/operating.md). All of it is real time: a service manager does not follow the clock of `dev`.
 */
export const stopTimes = {
  /** Limit for accepted requests; then their connections are closed. */
  requestsMs: 10_000,
  /** Limit for workers; then they are killed. */
  workersMs: 12_000,
  /** Limit for responses that the supervisor still sends after its last worker has ended; no new requests arrive. */
  supervisorMs: 500,
  /** Limit for deliveries and other background work. */
  backgroundMs: 4000,
  /** Limit for the whole process; then it exits with 1. */
  processMs: 18_000,
  /** Limit for anything that keeps a finished process alive: a reader of its output, an open connection. */
  leftoverMs: 1000,
} as const;

/** What a command that works in batches prints at the first Ctrl-C. */
export const stoppingAfterBatch = 'Stopping after the current batch.';

/** Waits for work at most this long. @returns False when it was not done by then. Work that failed is done. */
export async function doneWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => over.resolve(false), ms);
  const done = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([done, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
