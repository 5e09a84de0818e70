/** Thrown when no worker can start. In its own file, because most commands do not load the pool. */
export class NoWorkerError extends Error {
  override readonly name = 'NoWorkerError';
}
