/** No worker can start. Apart from the pool, which most commands do not load. */
export class NoWorkerError extends Error {
  override readonly name = 'NoWorkerError';
}
