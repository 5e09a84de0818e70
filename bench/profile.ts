/** Returns the functions with the most self time in a CPU profile. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export function topOf(text: string, count: number): string[] {
  const profile = JSON.parse(text) as CpuProfile; // as V8 writes it
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [i, id] of profile.samples.entries()) {
    const { functionName, url, lineNumber } = nodes.get(id)!;
    if (functionName === '(idle)') continue;
    const name = `${functionName || '(anonymous)'} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;
    const time = profile.timeDeltas[i]!;
    times.set(name, (times.get(name) ?? 0) + time);
    total += time;
  }
  return [...times]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
}
