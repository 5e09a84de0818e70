/** Yields the results of jobs in the order of the jobs, while several run concurrently. */
export async function* mapOrdered<Job, Result>(
  jobs: AsyncIterable<Job>,
  /** Concurrent jobs, at least 1; may change between jobs. */
  at: { readonly width: number },
  work: (job: Job) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  for await (const job of jobs) {
    const result = work(job);
    result.catch(() => undefined); // a rejection is handled when its turn comes
    begun.push(result);
    while (begun.length >= at.width) yield await begun.shift()!;
  }
  for (const result of begun) yield await result;
}
