/** What comes of jobs, in their order, some of them being done at a time. */
export async function* mapOrdered<Job, Result>(
  jobs: AsyncIterable<Job>,
  /** How many at a time, one at least; it may change. */
  at: { readonly width: number },
  work: (job: Job) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  for await (const job of jobs) {
    const result = work(job);
    result.catch(() => undefined); // it is waited for when its turn has come
    begun.push(result);
    while (begun.length >= at.width) yield await begun.shift()!;
  }
  for (const result of begun) yield await result;
}
