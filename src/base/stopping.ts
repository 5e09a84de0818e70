/**
 * Sets the time limits of stopping, so that a process stops within 20 seconds regardless of its clients, its workers and its
 * store (docs/operating.md). All of it is real time: a service manager does not follow the clock of `dev`.
 */
export const stopTimes = {
  /** For requests that were accepted; then their connections are cut. */
  requestsMs: 10_000,
  /** For workers; then they are killed. */
  workersMs: 12_000,
  /** For responses that the supervisor still sends after its last worker has ended: no new requests arrive. */
  supervisorMs: 500,
  /** For deliveries and other work in the background. */
  backgroundMs: 4000,
  /** For the whole process; then it ends with 1. */
  processMs: 18_000,
  /** For anything that keeps a finished process alive: a reader of its output, a connection that does not close. */
  leftoverMs: 1000,
} as const;

/** What a command that works in batches does at the first Ctrl-C. */
export const stoppingAfterBatch = 'Stopping after the current batch.';

/**
 * Waits for work, and no longer than so many milliseconds.
 *
 * @returns False when it was not done by then. Work that failed is done.
 */
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
