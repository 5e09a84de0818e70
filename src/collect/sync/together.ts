/** Waits for all parts; the first failure aborts the others, and none is left running. */
export async function together(
  parts: readonly (() => Promise<void>)[],
  end: Pick<AbortController, 'abort'>,
): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    parts.map((part) =>
      part().catch((error: unknown) => {
        failures.push(error);
        end.abort();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0] as Error;
}
