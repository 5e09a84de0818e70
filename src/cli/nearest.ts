/** Finds the existing name nearest to a mistyped one. */

/** Returns the name with the smallest edit distance, at most two by default; `undefined` when there is none. */
export function nearest(typed: string, names: Iterable<string>, most = 2): string | undefined {
  const [near] = [...names]
    .map((name) => ({ name, distance: editDistance(typed, name) }))
    .sort((a, b) => a.distance - b.distance);
  return near !== undefined && near.distance <= most && near.distance < typed.length ? near.name : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= Math.min(a.length, 40); i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
